import { z } from 'zod';
import type { Json } from '../kernel/json.js';
import { RESOURCE_KEY } from '../kernel/key.js';
import { parseInput } from '../kernel/parse.js';

export const rampStartSchema = z
  .strictObject({
    policy: z
      .string()
      .regex(RESOURCE_KEY, 'must be the key of a policy')
      .default('parallel-run')
      .describe('A policy whose steps say "sampling", or a preset'),
    arguments: z.record(z.string(), z.json()).default({}).describe('For the policy’s parameters'),
  })
  .meta({ id: 'ParallelRunStart' });
export const rampStopSchema = z.strictObject({ reason: z.string().min(1).max(1_000) }).meta({ id: 'ParallelRunStop' });

/** Under which policy a run is sampled. */
export interface RampStart {
  readonly policy: string;
  readonly arguments: Readonly<Record<string, Json>>;
}

/** Reads how a run is to be sampled; throws `invalid` with every problem. */
export function parseRampStart(body: unknown): RampStart {
  const { policy, arguments: given } = parseInput(rampStartSchema, body ?? {}, 'start');
  // What zod calls JSON is ours too.
  return { policy, arguments: given };
}

/** Reads why a run is to be sampled no more; throws `invalid`. */
export function parseRampStop(body: unknown): string {
  return parseInput(rampStopSchema, body, 'stop').reason;
}
