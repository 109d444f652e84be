import { z } from 'zod';

/** The shape of every failure, for the API's contract. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What is wrong and what to do about it'),
    code: z.string().describe('Stable name of the failure, in SCREAMING_CASE'),
    requestId: z.string().describe('Also in the header x-request-id and in the server’s log'),
    errors: z
      .array(
        z.object({
          pointer: z.string().describe('JSON pointer (RFC 6901) into the body'),
          code: z.string(),
          message: z.string(),
        }),
      )
      .optional(),
  })
  .describe('Problem details (RFC 9457)');

/** A failure as a body, for operations of the API's contract. */
export const PROBLEM_CONTENT = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
