import { z } from 'zod';

/** Whose ordinary traffic forecasts are made from. */
export const trafficSubjectSchema = z
  .string()
  .max(300)
  .regex(/^(?:all|service\/.+)$/su, 'must be "all", or service/ and a key')
  .default('all')
  .describe('`all`, or `service/` and a key: whose ordinary traffic');

export const policyArgumentsSchema = z
  .record(z.string(), z.json())
  .default({})
  .describe('What the policy leaves open, as a release would fill it in');

export const planRequestSchema = z
  .strictObject({
    environment: z.string().min(1).max(200),
    subject: trafficSubjectSchema,
    arguments: policyArgumentsSchema,
    lookbackHours: z.int().min(1).max(168).default(24),
    unitsPerMinute: z
      .number()
      .positive()
      .max(1_000_000_000)
      .optional()
      .describe('Of both arms; without it, as history has it'),
    badRate: z
      .number()
      .positive()
      .max(1)
      .optional()
      .describe('Bad events per unit, of every count metric; without it, as history has it'),
  })
  .meta({ id: 'PolicyPlanRequest' });

export type PlanRequest = z.infer<typeof planRequestSchema>;
