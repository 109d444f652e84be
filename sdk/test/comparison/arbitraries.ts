import fc from 'fast-check';
import type { Difference, SignaturePlace } from '../../src/comparison/difference.js';
import { TRANSITIONS } from '../../src/comparison/transition.js';
import { VALUE_CLASSES } from '../../src/comparison/value-class.js';

/** Any data that the language has but cycles, functions and symbols. */
export const anything: fc.Arbitrary<unknown> = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withSparseArray: true,
  withNullPrototype: true,
  withBoxedValues: true,
  withObjectString: true,
});

/** Small and alike, so that two of them often differ in few places. */
export const alike: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(0, 1, 2, -1, 0.5, NaN, 1n, 2n, '', 'a', 'A', ' a', '1.0', '1', true, false, null, undefined),
    fc.constantFrom(new Date(0), new Date(1), '1970-01-01T00:00:00Z', new Uint8Array([1]), new Uint8Array([2])),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'content-type', '7'), tie('value'), { maxKeys: 4 }),
    fc.array(tie('value'), { maxLength: 3 }).map((values) => new Set(values)),
    fc.array(fc.tuple(fc.constantFrom('a', 'b', 1), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
  ),
})).value;

const MIRRORED: ReadonlyMap<string, string> = new Map([
  ['missing', 'extra'],
  ['extra', 'missing'],
  ['+1', '−1'],
  ['−1', '+1'],
  ['more', 'fewer'],
  ['fewer', 'more'],
]);

/** The place of a difference, as it is when control and candidate change places. */
export function mirrored({ path, kind, transition }: SignaturePlace): SignaturePlace {
  const word = MIRRORED.get(transition) ?? transition.split('→').reverse().join('→');
  return { path, kind: (MIRRORED.get(kind) as Difference['kind'] | undefined) ?? kind, transition: word }; // of a kind, a kind
}

/** Whether a transition is one of the closed vocabulary. */
export function isKnownTransition(transition: string): boolean {
  const classes: readonly string[] = [...VALUE_CLASSES, 'absent'];
  const [control = '', candidate] = transition.split('→');
  return candidate === undefined ? control in TRANSITIONS : classes.includes(control) && classes.includes(candidate);
}

/** Places as short texts, sorted: `$.a value +1`. */
export function placesOf(differences: readonly SignaturePlace[]): readonly string[] {
  return differences.map(({ path, kind, transition }) => `${path} ${kind} ${transition}`).sort();
}
