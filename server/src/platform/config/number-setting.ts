import { z } from 'zod';

interface Range {
  readonly min: number;
  /** None: as high as anybody likes. */
  readonly max?: number;
}

/** A setting that is a whole number. What is none, or out of the range, is answered with what is taken. */
export function wholeNumber(range: Range): z.ZodCoercedNumber {
  const sentence = `must be a whole number ${inWords(range)}`;
  return within(range, sentence).int(sentence);
}

/** A setting that is a number of something, in parts too. */
export function numberOf(unit: string, range: Range): z.ZodCoercedNumber {
  return within(range, `must be a number of ${unit} ${inWords(range)}`);
}

function within({ min, max = Infinity }: Range, sentence: string): z.ZodCoercedNumber {
  return z.coerce.number(sentence).min(min, sentence).max(max, sentence);
}

function inWords({ min, max }: Range): string {
  return max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
}
