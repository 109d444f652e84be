import { z } from 'zod';

/** Who may read this server's own metrics. */
export abstract class ScrapeConfig {
  /** The bearer token that Prometheus sends; undefined: whoever reaches the port may read. */
  abstract readonly token: string | undefined;
}

export const scrapeSection = z
  .object({
    SLUICE_METRICS_TOKEN: z
      .string()
      .regex(/^[\x21-\x7e]{16,}$/u, 'must be at least 16 characters without blanks')
      .optional(),
  })
  .transform((env): ScrapeConfig => ({ token: env.SLUICE_METRICS_TOKEN }));
