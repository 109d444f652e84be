import type { FlagMetadata, JsonValue, SnapshotFlag } from '@sluice/sdk/evaluation';
import type { FlagLogic } from './flag-logic.js';
import { choose, type Logic } from './json-logic.js';
import { ERROR } from './serve-logic.js';
import type { Problem } from './uncarried.js';

/** A flag of flagd's flag configuration. */
export interface FlagdFlag {
  readonly state: 'ENABLED' | 'DISABLED';
  readonly variants: Readonly<Record<string, JsonValue>>;
  /** Null: the caller's default. */
  readonly defaultVariant: string | null;
  readonly targeting?: Logic;
  readonly metadata?: FlagMetadata;
}

/** A flag in flagd's words, and why it cannot be carried, if it cannot. */
export function exportFlag(
  flag: SnapshotFlag,
  logicOf: (flag: SnapshotFlag) => FlagLogic,
): { readonly made: FlagdFlag; readonly problems: readonly Problem[] } {
  const { branches, otherwise, problems } = flag.on ? logicOf(flag) : offLogic(flag);
  const isVariation = typeof otherwise === 'string' && otherwise !== ERROR;
  // Null in place of a variation is the caller's default: then flagd must have none of its own.
  const defaultVariant = isVariation && branches.every(([, then]) => then !== null) ? otherwise : null;
  const targeting = choose(branches, defaultVariant === null ? otherwise : null);
  const made: FlagdFlag = {
    state: !flag.on && defaultVariant === null ? 'DISABLED' : 'ENABLED',
    variants: Object.fromEntries(flag.variations.map(({ key, value }) => [key, value])),
    defaultVariant,
    ...(targeting === null ? {} : { targeting: asObject(targeting) }),
    ...(flag.metadata === undefined ? {} : { metadata: flag.metadata }),
  };
  return { made, problems: [...problems, ...objectionsTo(flag)] };
}

/** flagd serves nothing of a disabled flag; one that serves its off variation is to flagd one that serves just that. */
function offLogic({ offVariation, variations }: SnapshotFlag): FlagLogic {
  const isThere = offVariation !== undefined && variations.some(({ key }) => key === offVariation);
  return { branches: [], otherwise: isThere ? offVariation : null, problems: [], untold: [] };
}

/** flagd looks at targeting only when it is an object. */
function asObject(targeting: Logic): Logic {
  return typeof targeting === 'object' ? targeting : { if: [true, targeting, null] };
}

function objectionsTo({ type, variations }: SnapshotFlag): readonly Problem[] {
  if (variations.length === 0) return [{ path: 'variations', reason: 'A flag of flagd has at least one variation.' }];
  return variations.flatMap(({ value }, index) => {
    const path = `variations[${index}].value`;
    if (type === 'json' ? !isObject(value) : typeof value !== type) {
      return [{ path, reason: 'A value of flagd is a boolean, a text, a number or an object.' }];
    }
    return holdsReference(value) ? [{ path, reason: 'flagd would take its "$ref" for a reference.' }] : [];
  });
}

function isObject(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function holdsReference(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '$ref') || Object.values(value).some((part: JsonValue) => holdsReference(part));
}
