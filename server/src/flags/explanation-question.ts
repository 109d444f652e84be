import type { EvaluationContext } from '@sluice/sdk/evaluation';
import { z } from 'zod';
import { parseInput } from '../kernel/parse.js';
import { settingsEditSchema } from './settings-schema.js';

/** Whose answer is to be told, and under which settings. */
export interface ExplanationQuestion {
  readonly context: EvaluationContext;
  /** Fields that replace those of the settings as they are, as an edit would; undefined: none. */
  readonly draft: unknown;
}

const context = z
  .record(z.string(), z.json())
  .describe('Any object, with targetingKey where there is one: as services evaluate with');

export const explanationQuestionSchema = z
  .strictObject({ context, draft: settingsEditSchema.optional().describe('Of settings that are not stored') })
  .meta({ id: 'FlagExplanationQuestion' });
/** The draft is read as an edit is, so that all that is wrong with it shows at once. */
const looseSchema = z.strictObject({ context, draft: z.unknown().optional() });

/** Throws `invalid` for a context that is no object. */
export function parseExplanationQuestion(body: unknown): ExplanationQuestion {
  const { context, draft } = parseInput(looseSchema, body, 'question');
  return { context, draft };
}
