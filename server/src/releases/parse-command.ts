import { z } from 'zod';
import { parseInput } from '../kernel/parse.js';

const reason = z.string().min(1).max(1_000);
export const reasonBody = z.strictObject({ reason }).meta({ id: 'ReleaseReasonBody' });
export const commentBody = z
  .strictObject({ comment: z.string().max(1_000).default('') })
  .meta({ id: 'ReleaseApprovalBody' });
export const startBody = z
  .strictObject({ overrideRejection: z.string().min(1).max(1_000).optional() })
  .meta({ id: 'ReleaseStartBody' });
export const promoteBody = z
  .strictObject({
    to: z.enum(['next', 'last']).default('last'),
    reason: reason.optional().describe('For people, and for the record'),
  })
  .meta({ id: 'ReleasePromoteBody' });

/** Reads why something is done to a release; throws `invalid` with every problem. So do the others. */
export function parseReason(body: unknown, what: string): z.infer<typeof reasonBody> {
  return parseInput(reasonBody, body, what);
}

export function parseApproval(body: unknown): z.infer<typeof commentBody> {
  return parseInput(commentBody, body ?? {}, 'approval');
}

export function parseStart(body: unknown): z.infer<typeof startBody> {
  return parseInput(startBody, body ?? {}, 'start');
}

export function parsePromotion(body: unknown): z.infer<typeof promoteBody> {
  return parseInput(promoteBody, body ?? {}, 'promotion');
}
