import { FlagText, type FlagSource, flagSourcesOf, readFlag } from './flag-source.js';
import type { Clause, Snapshot } from './snapshot.js';

/**
 * Keys of the flags whose answers may differ between two snapshots, sorted: those added, removed or edited, those
 * that refer to a changed segment, directly or through segments, and those that have a changed flag as prerequisite.
 * Flags that came as the same text are not read.
 */
export function changedFlags(before: Snapshot | undefined, after: Snapshot): readonly string[] {
  const sources = flagSourcesOf(after);
  if (before === undefined) return [...new Set(sources.map(({ key }) => key))].sort();
  const segments = withDependants(
    changedKeys(before.segments, after.segments, (one, other) => JSON.stringify(one) === JSON.stringify(other)),
    () => after.segments.map((segment) => [segment.key, segmentsNamedBy(segment.rules)]),
  );
  const flags = changedKeys(flagSourcesOf(before), sources, isSameFlag);
  if (segments.size > 0) {
    for (const flag of sources) if (segmentsOf(flag).some((key) => segments.has(key))) flags.add(flag.key);
  }
  return [...withDependants(flags, () => sources.map((flag) => [flag.key, prerequisitesOf(flag)]))].sort();
}

function changedKeys<T extends { readonly key: string }>(
  before: readonly T[],
  after: readonly T[],
  isSame: (one: T, other: T) => boolean,
): Set<string> {
  const earlier = new Map(before.map((item) => [item.key, item]));
  const changed = new Set<string>();
  for (const item of after) {
    const old = earlier.get(item.key);
    earlier.delete(item.key);
    if (old === undefined || (old !== item && !isSame(old, item))) changed.add(item.key);
  }
  for (const removed of earlier.keys()) changed.add(removed);
  return changed;
}

/** By content: the same flag may have been written in another way. */
function isSameFlag(one: FlagSource, other: FlagSource): boolean {
  if (textOf(one) === textOf(other)) return true;
  const isRead = !(one instanceof FlagText || other instanceof FlagText);
  return !isRead && JSON.stringify(readFlag(one)) === JSON.stringify(readFlag(other));
}

function textOf(flag: FlagSource): string {
  return flag instanceof FlagText ? flag.text : JSON.stringify(flag);
}

type Dependencies = readonly (readonly [string, readonly string[]])[];

/** The keys and all that depend on any of them, however indirectly. */
function withDependants(keys: Set<string>, readDependencies: () => Dependencies): Set<string> {
  if (keys.size === 0) return keys;
  const dependencies = readDependencies();
  let size = 0;
  while (keys.size > size) {
    size = keys.size;
    for (const [key, needs] of dependencies) {
      if (!keys.has(key) && needs.some((need) => keys.has(need))) keys.add(key);
    }
  }
  return keys;
}

function segmentsOf(flag: FlagSource): readonly string[] {
  if (flag instanceof FlagText && !hasWord(flag.text, 'inSegment')) return [];
  return segmentsNamedBy(readFlag(flag).rules);
}

function segmentsNamedBy(rules: readonly { readonly clauses: readonly Clause[] }[]): readonly string[] {
  return unlessMalformed(() =>
    rules.flatMap((rule) =>
      rule.clauses
        .filter((clause) => clause.operator === 'inSegment')
        .flatMap((clause) => clause.values.filter((value) => typeof value === 'string')),
    ),
  );
}

function prerequisitesOf(flag: FlagSource): readonly string[] {
  if (flag instanceof FlagText && !hasWord(flag.text, 'prerequisites', '":[]')) return [];
  return unlessMalformed(() => readFlag(flag).prerequisites.map((prerequisite) => prerequisite.flag));
}

/**
 * Whether a word may be in JSON, however written, other than once and followed by `unless`: a backslash may hide any. Where
 * it says no, there is no need to read the JSON.
 */
function hasWord(json: string, word: string, unless?: string): boolean {
  const at = json.indexOf(word);
  const isHarmless =
    at < 0 || (unless !== undefined && json.startsWith(unless, at + word.length) && json.lastIndexOf(word) === at);
  return !isHarmless || json.includes('\\');
}

/** What the evaluator cannot read answers an error whatever it refers to. */
function unlessMalformed(read: () => readonly string[]): readonly string[] {
  try {
    return read();
  } catch {
    return [];
  }
}
