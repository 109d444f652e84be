import { z } from 'zod';

/** Where traces go. All else that OpenTelemetry names (OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS, …) it reads itself. */
export abstract class TracingConfig {
  /** The address that takes OTLP over HTTP, with its path; undefined: nothing is traced. */
  abstract readonly endpoint: string | undefined;
  /** What this server is called in traces. */
  abstract readonly serviceName: string;
}

const address = z.url({ protocol: /^https?$/u, error: 'must be an http:// or https:// URL' }).optional();

export const tracingSection = z
  .object({
    OTEL_EXPORTER_OTLP_ENDPOINT: address,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: address,
    OTEL_SERVICE_NAME: z.string().default('sluice'),
    OTEL_SDK_DISABLED: z.enum(['true', 'false']).default('false'),
  })
  .transform((env): TracingConfig => {
    // As the OTLP exporter's specification has it: the general one is a base, the one for traces is used as it is.
    const base = env.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/+$/u, '');
    const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? (base === undefined ? undefined : `${base}/v1/traces`);
    return {
      endpoint: env.OTEL_SDK_DISABLED === 'true' ? undefined : endpoint,
      serviceName: env.OTEL_SERVICE_NAME,
    };
  });
