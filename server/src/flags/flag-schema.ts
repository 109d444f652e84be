import type { JsonValue } from '@sluice/sdk/evaluation';
import { z } from 'zod';
import { FLAG_KEY } from '../kernel/key.js';
import { PURPOSES } from './flag.js';

const MAX_VARIATIONS = 100;

const variationKey = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u, 'must be 1 to 64 letters, digits, dots, dashes or underscores');

// z.json() knows every JSON value; its output type is mutable, ours is not.
const jsonValue: z.ZodType<JsonValue> = z.json();

export const variationSchema = z.strictObject({ key: variationKey, value: jsonValue }).meta({ id: 'Variation' });

/** Within what the store and RFC 3339 can hold, in every time zone. */
function isPlausibleDate(text: string): boolean {
  const year = new Date(text).getUTCFullYear();
  return year >= 1970 && year <= 9999;
}

/** The fields of a flag that its owner may write at any time. */
const flagFields = {
  name: z.string().trim().min(1).max(200),
  description: z.string().max(5_000),
  tags: z
    .array(z.string().trim().min(1).max(64))
    .max(50)
    .refine((tags) => new Set(tags).size === tags.length, 'names a tag twice'),
  owner: z.string().trim().min(1).max(200).nullable(),
  purpose: z.enum(PURPOSES),
  dueAt: z.iso.datetime({ offset: true }).refine(isPlausibleDate, 'must be in a year from 1970 to 9999').nullable(),
  variations: z.array(variationSchema).min(1).max(MAX_VARIATIONS),
  metadata: z.record(z.string().min(1).max(100), z.union([z.string().max(2_000), z.number(), z.boolean()])),
};

export const flagDraftSchema = z
  .strictObject({
    key: z
      .string()
      .regex(FLAG_KEY, 'must be 1 to 128 letters, digits or any of . _ - / :, and begin with a letter or digit'),
    type: z.enum(['boolean', 'string', 'number', 'json']),
    name: flagFields.name.optional(),
    description: flagFields.description.default(''),
    tags: flagFields.tags.default([]),
    owner: flagFields.owner.default(null),
    purpose: flagFields.purpose.default('release'),
    dueAt: flagFields.dueAt.default(null),
    variations: flagFields.variations
      .optional()
      .describe('Needed but for boolean flags, which have "on" (true) and "off" (false) unless said'),
    metadata: flagFields.metadata.default({}),
  })
  .meta({ id: 'FlagDraft' });

export const flagEditSchema = z.strictObject(flagFields).partial().meta({ id: 'FlagEdit' });
