import type { Snapshot, SnapshotFlag, SnapshotSegment } from '@sluice/sdk/evaluation';

/** A snapshot with the JSON of each of its parts, so that the whole and any difference are put together from them. */
export interface SnapshotFragments {
  readonly snapshot: Snapshot;
  /** JSON by key, in ascending order of keys (by UTF-16 code units). */
  readonly flags: ReadonlyMap<string, string>;
  readonly segments: ReadonlyMap<string, string>;
  /** JSON of the whole list; undefined: there is none. */
  readonly services: string | undefined;
  readonly ramps: string | undefined;
  readonly parallelRuns: string | undefined;
}

/**
 * Serialises each flag and segment once. Parts whose JSON is that of `previous` become the same objects, so that
 * whoever compiles or compares the snapshot sees what did not change.
 */
export function fragmentSnapshot(snapshot: Snapshot, previous?: SnapshotFragments): SnapshotFragments {
  const flags = fragmentParts(snapshot.flags, previous?.snapshot.flags, previous?.flags);
  const segments = fragmentParts(snapshot.segments, previous?.snapshot.segments, previous?.segments);
  return {
    snapshot: { ...snapshot, flags: flags.parts, segments: segments.parts },
    flags: flags.json,
    segments: segments.json,
    services: snapshot.services && JSON.stringify(snapshot.services),
    ramps: snapshot.ramps && JSON.stringify(snapshot.ramps),
    parallelRuns: snapshot.parallelRuns && JSON.stringify(snapshot.parallelRuns),
  };
}

/**
 * A tab stands before each flag and after the last, and nowhere else: no string of JSON holds one unescaped, so that who
 * reads the text finds the flags without reading them. No line ends, which would end a line of an event stream.
 */
const BETWEEN_FLAGS = '\t';

/** The JSON of the whole snapshot; the same content always gives the same text. */
export function bodyOf({ snapshot, flags, segments, services, ramps, parallelRuns }: SnapshotFragments): string {
  const { schemaVersion, project, environment, revision } = snapshot;
  const head = JSON.stringify({ schemaVersion, project, environment, revision }).slice(0, -1);
  const ofFlags = [...flags.values()].map((flag) => BETWEEN_FLAGS + flag).join(',');
  const lists = `"flags":[${ofFlags}${BETWEEN_FLAGS}],"segments":[${[...segments.values()].join(',')}]`;
  const tail = [
    services && `"services":${services}`,
    ramps && `"ramps":${ramps}`,
    parallelRuns && `"parallelRuns":${parallelRuns}`,
  ].filter(Boolean);
  return `${head},${[lists, ...tail].join(',')}}`;
}

function fragmentParts<T extends SnapshotFlag | SnapshotSegment>(
  parts: readonly T[],
  previous: readonly T[] = [],
  previousJson: ReadonlyMap<string, string> = new Map(),
): { readonly parts: readonly T[]; readonly json: ReadonlyMap<string, string> } {
  const known = new Map(previous.map((part) => [part.key, part]));
  const json = new Map<string, string>();
  const kept = [...parts].sort(byKey).map((part) => {
    const before = known.get(part.key);
    const textBefore = previousJson.get(part.key);
    const text = part === before && textBefore !== undefined ? textBefore : JSON.stringify(part);
    json.set(part.key, text);
    return before !== undefined && textBefore === text ? before : part;
  });
  return { parts: kept, json };
}

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
