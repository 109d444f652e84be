import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { shapeSentence } from './shape-sentence.js';

it.each<[z.ZodType, unknown, string]>([
  [z.record(z.string(), z.string()), [], 'must be an object'],
  [z.strictObject({}), null, 'must be an object'],
  [z.string(), undefined, 'must be given'],
  [z.enum(['a', 'b']), undefined, 'must be given'],
  [z.string(), 5, 'must be a text'],
  [z.boolean(), 'yes', 'must be true or false'],
  [z.int(), 1.5, 'must be a whole number'],
  [z.number(), '1', 'must be a number'],
  [z.array(z.string()), {}, 'must be a list'],
  [z.literal('a'), 'b', 'must be "a"'],
  [z.enum(['a', 'b']), 'c', 'must be one of "a", "b"'],
  [z.string().min(1), '', 'must not be empty'],
  [z.string().max(2), 'abc', 'must have at most 2 characters'],
  [z.array(z.int()).min(2), [1], 'must have at least 2 items'],
  [z.int().min(1), 0, 'must be at least 1'],
  [z.number().lt(1), 1, 'must be less than 1'],
  [z.number().gt(0), 0, 'must be more than 0'],
  [z.string().regex(/a/u, 'has no a'), 'b', 'has no a'],
])('%# says what a value must be', (schema, value, sentence) => {
  const { error } = schema.safeParse(value, { error: shapeSentence });
  expect(error?.issues.map(({ message }) => message)).toEqual([sentence]);
});

it('leaves the standard words where it has none', () => {
  const { error } = z.uuid().safeParse('x', { error: shapeSentence });
  expect(error?.issues.map(({ message }) => message)).toEqual(['Invalid UUID']);
});
