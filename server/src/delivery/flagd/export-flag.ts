import type { FlagMetadata, JsonValue, SnapshotFlag } from '@sluice/sdk/evaluation';
import type { FlagLogic } from './flag-logic.js';
import { choose, type Logic } from './json-logic.js';
import { type Extent, extentOf } from './references.js';
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

/** As long as a message that most clients of gRPC take, with all that it leads to written out. */
const MOST_FLAG_BYTES = 4 * 1024 * 1024;

/** A flag in flagd's words. */
export interface ExportedFlag {
  readonly made: FlagdFlag;
  readonly extent: Extent;
  /** Why it cannot be carried, if it cannot. */
  readonly problems: readonly Problem[];
}

/** Puts a flag into flagd's words. */
export function exportFlag(flag: SnapshotFlag, { branches, otherwise, problems }: FlagLogic): ExportedFlag {
  const isVariation = typeof otherwise === 'string' && otherwise !== ERROR;
  // Null in place of a variation is the caller's default: then flagd must have none of its own.
  const defaultVariant = isVariation && branches.every(([, then]) => then !== null) ? otherwise : null;
  const targeting = choose(branches, defaultVariant === null ? otherwise : null);
  const made = {
    state: !flag.on && defaultVariant === null ? 'DISABLED' : 'ENABLED',
    variants: Object.fromEntries(flag.variations.map(({ key, value }) => [key, value])),
    defaultVariant,
    ...(targeting === null ? {} : { targeting: asObject(targeting) }),
    ...(flag.metadata === undefined ? {} : { metadata: flag.metadata }),
  } as const;
  const extent = extentOf(made);
  return { made, extent, problems: [...problems, ...objectionsTo(flag), ...lengthObjections(flag, extent)] };
}

function lengthObjections({ prerequisites }: SnapshotFlag, { bytesInFull }: Extent): readonly Problem[] {
  if (bytesInFull <= MOST_FLAG_BYTES) return [];
  const limit = `written out for flagd it would be longer than ${MOST_FLAG_BYTES / 1024 / 1024} MiB`;
  if (prerequisites.length === 0)
    return [{ path: '', reason: `Its targets, rules and segments make it too long: ${limit}.` }];
  return [{ path: 'prerequisites', reason: `Its prerequisites make it too long: ${limit}.` }];
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
