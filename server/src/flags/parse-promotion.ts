import { z } from 'zod';
import { parseInput } from '../kernel/parse.js';
import { SETTINGS_FIELDS } from './compare-settings.js';

const MAX_PROMOTED = 100;

const wishSchema = z.strictObject({
  flag: z.string().min(1).max(128).describe('Key of the flag'),
  fromVersion: z.int().min(0).describe('Of its settings where they come from, as you last saw them'),
  toVersion: z.int().min(0).describe('Of its settings where they go, as you last saw them'),
});

export const promotionSchema = z
  .strictObject({
    to: z.string().min(1).max(64).describe('Key of the environment whose settings are to change'),
    flags: z
      .array(wishSchema)
      .min(1)
      .max(MAX_PROMOTED)
      .refine((flags) => new Set(flags.map(({ flag }) => flag)).size === flags.length, 'names a flag twice'),
    fields: z
      .array(z.enum(SETTINGS_FIELDS))
      .min(1)
      .max(SETTINGS_FIELDS.length)
      .default([...SETTINGS_FIELDS])
      .describe('What of the settings is carried over; all unless said'),
    takeOver: z
      .string()
      .trim()
      .min(1)
      .max(1_000)
      .optional()
      .describe('Why releases that are ramping these flags there are to end; without it, such promotions are refused'),
    reason: z.string().trim().min(1).max(1_000).optional().describe('For people, and for the record'),
  })
  .meta({ id: 'SettingsPromotion' });

export type Promotion = z.output<typeof promotionSchema>;

/** Reads the body that promotes settings; throws `invalid` with every problem. */
export const parsePromotion = (body: unknown): Promotion => parseInput(promotionSchema, body, 'promotion');
