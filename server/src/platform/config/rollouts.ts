import { z } from 'zod';

/** How often running rollouts are looked at. */
export abstract class RolloutsConfig {
  abstract readonly tickMs: number;
}

export const rolloutsSection = z
  .object({
    SLUICE_TICK_SECONDS: z.coerce
      .number({ error: 'must be a number of seconds' })
      .min(0.1, 'must be at least 0.1')
      .max(300, 'must be at most 300')
      .default(10),
  })
  .transform((env): RolloutsConfig => ({ tickMs: Math.round(env.SLUICE_TICK_SECONDS * 1_000) }));
