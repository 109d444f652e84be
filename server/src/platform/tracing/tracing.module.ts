import { Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TracingConfig } from '../config/tracing.js';

const STOP = Symbol('stop tracing');

/** A server that traces nothing starts without what traces, and sooner. */
async function openTracing({ endpoint, serviceName }: TracingConfig): Promise<() => Promise<void>> {
  if (endpoint === undefined) return () => Promise.resolve();
  const { exportTraces } = await import('./otlp-exporter.adapter.js');
  return exportTraces(endpoint, serviceName);
}

@Module({ providers: [{ provide: STOP, useFactory: openTracing, inject: [TracingConfig] }] })
export class TracingModule implements OnApplicationShutdown {
  private readonly logger = new Logger('Tracing');

  constructor(@Inject(STOP) private readonly stop: () => Promise<void>) {}

  async onApplicationShutdown(): Promise<void> {
    await this.stop().catch((error: unknown) => this.logger.warn(error, 'The last spans could not be sent.'));
  }
}
