import type { SketchJson } from '@sluice/sdk/ddsketch';

/** A sketch as the store has it, so that SQL can add to it: buckets by index. */
export interface StoredSketch {
  readonly zero: number;
  readonly buckets: Readonly<Record<string, number>>;
  /** Absent when empty. */
  readonly negative?: Readonly<Record<string, number>>;
}

/** A sketch as it is stored; null stays null. */
export function toStoredSketch(sketch: SketchJson | null): StoredSketch | null {
  if (sketch === null) return null;
  const { zero, buckets, negative } = sketch;
  return {
    zero,
    buckets: Object.fromEntries(buckets),
    ...(negative !== undefined && { negative: Object.fromEntries(negative) }),
  };
}

/** Reads a stored sketch: indexes ascend, as everywhere. Null where there is none. */
export function parseStoredSketch(stored: unknown): SketchJson | null {
  if (typeof stored !== 'object' || stored === null) return null;
  // The column holds null or what toStoredSketch made and SQL added up.
  const { zero, buckets, negative = {} } = stored as StoredSketch;
  const below = ascending(negative);
  return { zero, buckets: ascending(buckets), ...(below.length > 0 && { negative: below }) };
}

function ascending(buckets: Readonly<Record<string, number>>): SketchJson['buckets'] {
  return Object.entries(buckets)
    .map(([index, count]) => [Number(index), count] as const)
    .sort(([a], [b]) => a - b);
}
