import { type DynamicModule, Global, Module } from '@nestjs/common';
import { v7 } from 'uuid';
import { Clock } from '../kernel/clock.js';
import { Ids } from '../kernel/ids.js';
import { SharedClock } from './clock/shared-clock.js';
import { AuthConfig } from './config/auth.js';
import type { Config } from './config/config.js';
import { DatabaseConfig } from './config/database.js';
import { FlagdConfig } from './config/flagd.js';
import { GatesConfig } from './config/gates.js';
import { GrpcConfig } from './config/grpc.js';
import { HttpConfig } from './config/http.js';
import { LoggingConfig } from './config/logging.js';
import { MetricsConfig } from './config/metrics.js';
import { OidcConfig } from './config/oidc.js';
import { RedisConfig } from './config/redis.js';
import { ScrapeConfig } from './config/scrape.js';
import { ShutdownConfig } from './config/shutdown.js';
import { TracingConfig } from './config/tracing.js';
import { TrafficConfig } from './config/traffic.js';
import { WebhookConfig } from './config/webhooks.js';
import { RolloutsConfig } from './config/rollouts.js';
import { WebhookSender } from './webhooks/webhook-sender.adapter.js';

class TimeOrderedIds extends Ids {
  override next(): string {
    return v7();
  }
}

/** Gives every module the settings by section, the time and identifiers. */
@Global()
@Module({})
export class PlatformModule {
  static with(config: Config): DynamicModule {
    const providers = [
      { provide: HttpConfig, useValue: config.http },
      { provide: GrpcConfig, useValue: config.grpc },
      { provide: FlagdConfig, useValue: config.flagd },
      { provide: DatabaseConfig, useValue: config.database },
      { provide: RedisConfig, useValue: config.redis },
      { provide: AuthConfig, useValue: config.auth },
      { provide: OidcConfig, useValue: config.oidc },
      { provide: LoggingConfig, useValue: config.logging },
      { provide: RolloutsConfig, useValue: config.rollouts },
      { provide: MetricsConfig, useValue: config.metrics },
      { provide: ScrapeConfig, useValue: config.scrape },
      { provide: WebhookConfig, useValue: config.webhooks },
      { provide: GatesConfig, useValue: config.gates },
      { provide: TrafficConfig, useValue: config.traffic },
      { provide: ShutdownConfig, useValue: config.shutdown },
      { provide: TracingConfig, useValue: config.tracing },
      { provide: SharedClock, useFactory: () => new SharedClock(() => Date.now()) },
      { provide: Clock, useExisting: SharedClock },
      { provide: Ids, useClass: TimeOrderedIds },
      WebhookSender,
    ];
    return {
      module: PlatformModule,
      providers,
      exports: providers.map((each) => ('provide' in each ? each.provide : each)),
    };
  }
}
