import { z } from 'zod';
import { FULL_SHARE } from '../kernel/share.js';
import { clauseSchema, isAttributeName, POINTER_MALFORMED } from '../segments/index.js';

export const MAX_RULES = 200;
export const MAX_TARGETS = 100;
export const MAX_PREREQUISITES = 50;
const MAX_TARGET_VALUES = 50_000;

const variation = z.string().describe('Key of one of the flag’s variations');

const splitSchema = z
  .strictObject({
    bucketBy: z
      .string()
      .min(1)
      .max(200)
      .refine(isAttributeName, POINTER_MALFORMED)
      .optional()
      .describe('Attribute that is hashed; targetingKey unless said'),
    seed: z.string().max(200).optional().describe('Put before the hashed value; the flag key unless said'),
    fallback: variation.optional().describe('For contexts without a value to hash; an error unless said'),
    shares: z
      .array(z.strictObject({ variation, share: z.int().min(0).max(FULL_SHARE) }))
      .min(1)
      .max(100)
      .describe('Thousandths of a percent; together 100 000'),
  })
  .meta({ id: 'Split' });

export const serveVariationSchema = z.strictObject({ variation });
export const serveSplitSchema = z.strictObject({ split: splitSchema });

export const serveSchema = z
  .union([serveVariationSchema, serveSplitSchema], {
    error: 'must be { "variation": … } or { "split": { "shares": [{ "variation": …, "share": 0 to 100000 }, …] } }',
  })
  .meta({ id: 'Serve' });

export const targetSchema = z
  .strictObject({ variation, values: z.array(z.string().min(1).max(500)).max(MAX_TARGET_VALUES) })
  .meta({ id: 'Target' });

const ruleShape = {
  id: z.string().min(1).max(100).optional(),
  description: z.string().max(1_000).default(''),
};

const ruleSchema = z
  .strictObject({ ...ruleShape, serve: serveSchema, clauses: z.array(clauseSchema) })
  .meta({ id: 'FlagRule' });
/** Clauses and serve are read on their own, so that a fault in one does not hide those of another. */
export const looseRuleSchema = z.strictObject({
  ...ruleShape,
  serve: z.unknown().optional(),
  clauses: z.unknown().optional(),
});

export const prerequisiteSchema = z
  .strictObject({ flag: z.string(), variations: z.array(z.string()).min(1).max(100) })
  .meta({ id: 'Prerequisite' });

const settingsShape = {
  on: z.boolean(),
  offVariation: variation.nullable(),
  defaultServe: serveSchema.nullable(),
  targets: z.array(targetSchema).max(MAX_TARGETS),
  rules: z.array(ruleSchema).max(MAX_RULES),
  prerequisites: z.array(prerequisiteSchema).max(MAX_PREREQUISITES),
};

export const settingsSchema = z.strictObject(settingsShape).meta({ id: 'FlagSettingsDraft' });
export const settingsEditSchema = z.strictObject(settingsShape).partial().meta({ id: 'FlagSettingsEdit' });
