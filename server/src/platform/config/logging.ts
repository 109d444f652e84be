import { z } from 'zod';

/** How much the server says. */
export abstract class LoggingConfig {
  abstract readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

export const loggingSection = z
  .object({
    SLUICE_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  })
  .transform((env): LoggingConfig => ({ level: env.SLUICE_LOG_LEVEL }));
