import { z } from 'zod';
import { policyArgumentsSchema, trafficSubjectSchema } from '../policies/index.js';

export const backTestRequestSchema = z
  .strictObject({
    environment: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Whose rollouts and traffic; without it rollouts of the whole project, and no splits'),
    subject: trafficSubjectSchema,
    arguments: policyArgumentsSchema,
    lookbackHours: z.int().min(1).max(48).default(24).describe('How much ordinary traffic is split'),
    releases: z.int().min(0).max(500).default(100).describe('How many of the newest finished rollouts are replayed'),
    aaSplits: z.int().min(0).max(2_000).default(200),
    ratios: z
      .array(z.number().gt(1, 'must be above 1: how many times worse the candidate is').max(1_000))
      .max(10)
      .default([2, 3, 10]),
    seed: z.int().min(0).max(0xffff_ffff).default(1).describe('The same seed splits the same history in the same way'),
  })
  .meta({ id: 'PolicyBackTestRequest' });

export type BackTestRequest = z.infer<typeof backTestRequestSchema>;
