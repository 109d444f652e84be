import { z } from 'zod';
import { numberOf } from './number-setting.js';

/** How often running rollouts are looked at. */
export abstract class RolloutsConfig {
  abstract readonly tickMs: number;
}

export const rolloutsSection = z
  .object({
    SLUICE_TICK_SECONDS: numberOf('seconds', { min: 0.1, max: 300 }).default(10),
  })
  .transform((env): RolloutsConfig => ({ tickMs: Math.round(env.SLUICE_TICK_SECONDS * 1_000) }));
