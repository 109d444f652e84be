import { z } from 'zod';
import { numberOf } from './number-setting.js';

/** How a server leaves that was told to end (SIGTERM) while others go on. */
export abstract class ShutdownConfig {
  /** How long it says that it is not ready before it does anything else, so that load balancers take it out. */
  abstract readonly leadMs: number;
  /** Over how long it then sends its streams to other servers. */
  abstract readonly drainMs: number;
}

/** A server that runs alone has nobody to send streams to: without Redis it leaves at once, unless told otherwise. */
const BESIDE_OTHERS = { leadSeconds: 3, drainSeconds: 5 };
const ALONE = { leadSeconds: 0, drainSeconds: 0 };

export const shutdownSection = z
  .object({
    REDIS_URL: z.string().optional(),
    SLUICE_SHUTDOWN_LEAD_SECONDS: numberOf('seconds', { min: 0, max: 120 }).optional(),
    SLUICE_SHUTDOWN_DRAIN_SECONDS: numberOf('seconds', { min: 0, max: 600 }).optional(),
  })
  .transform((env): ShutdownConfig => {
    const usual = env.REDIS_URL === undefined ? ALONE : BESIDE_OTHERS;
    return {
      leadMs: (env.SLUICE_SHUTDOWN_LEAD_SECONDS ?? usual.leadSeconds) * 1_000,
      drainMs: (env.SLUICE_SHUTDOWN_DRAIN_SECONDS ?? usual.drainSeconds) * 1_000,
    };
  });
