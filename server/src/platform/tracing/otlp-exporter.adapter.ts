import { context, propagation, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { SERVER_VERSION } from '../version.js';

/** Sends spans to an address that takes OTLP over HTTP. Answers how to send the rest and stop. */
export function exportTraces(endpoint: string, serviceName: string): () => Promise<void> {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': SERVER_VERSION }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: endpoint }))],
  });
  // Baggage stays out: what a caller has in it is not for receivers of webhooks.
  provider.register({ propagator: new W3CTraceContextPropagator() });
  return async () => {
    for (const part of [trace, context, propagation]) part.disable();
    await provider.shutdown();
  };
}
