import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { compileSnapshot } from './compile-snapshot.js';
import type { EvaluationContext } from './context.js';
import { evaluate } from './evaluate.js';
import type { ErrorCode, Reason } from './reason.js';
import type { JsonValue, Snapshot } from './snapshot.js';

/** One file of sdk/vectors. An expectation without `value` or `variant` leaves them to the caller. */
interface Vectors {
  readonly description: string;
  readonly snapshot: Snapshot;
  readonly cases: readonly {
    readonly name: string;
    readonly flag: string;
    readonly context: EvaluationContext;
    readonly expected: {
      readonly value?: JsonValue;
      readonly variant?: string;
      readonly reason: Reason;
      readonly errorCode?: ErrorCode;
    };
  }[];
}

const FOLDER = new URL('../../vectors/', import.meta.url);

/** Versions of services have vectors of another shape: choose-version.spec.ts. */
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.json') && name !== 'versions.json');

describe.each(FILES)('vectors of %s', (file) => {
  const vectors = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Vectors; // safe: ours, and read by every test
  const compiled = compileSnapshot(vectors.snapshot);

  it.each(vectors.cases.map((each) => [each.name, each] as const))('%s', (_name, { flag, context, expected }) => {
    const { value, variant, reason, errorCode } = evaluate(compiled, flag, context);
    expect({ value, variant, reason, errorCode }).toEqual(expected);
  });
});
