import { FlagText } from './flag-source.js';
import type { JsonValue } from './snapshot.js';

export interface SplitSnapshot {
  /** All but the flags, in the order of the text. */
  readonly rest: { readonly [key: string]: JsonValue };
  readonly flags: readonly FlagText[];
}

const BETWEEN_FLAGS = '\t';
const BEFORE_FLAGS = ',"flags":[';
const BEFORE_KEY = '{"key":"';

/**
 * Splits the JSON of a snapshot in which a tab stands before each flag and after the last, and nowhere else, as servers
 * and the disk copy write it: no string of JSON holds a raw tab, so that the flags are found unread. Undefined for every
 * other text, JSON or not, and where the rest is no JSON: that is to be parsed whole. Two flags without a tab between them
 * are one that cannot be read.
 */
export function splitFlags(json: string): SplitSnapshot | undefined {
  const first = json.indexOf(BETWEEN_FLAGS);
  const last = json.lastIndexOf(BETWEEN_FLAGS);
  const isBegun = first >= BEFORE_FLAGS.length && json.startsWith(BEFORE_FLAGS, first - BEFORE_FLAGS.length);
  if (!isBegun || !json.startsWith('],', last + 1)) return undefined;

  const rest = restOf(json.slice(0, first), json.slice(last + 1));
  const flags = rest && flagsBetween(json, first, last);
  return rest && flags && { rest, flags };
}

/**
 * Undefined where the parts around the list are not the beginning and the end of one object, or the end has a second list
 * of flags, which would count.
 */
function restOf(head: string, tail: string): SplitSnapshot['rest'] | undefined {
  try {
    // Each begins and ends as an object, and JSON.parse returns JSON.
    const { flags: _none, ...before } = JSON.parse(`${head}]}`) as SplitSnapshot['rest'];
    const after = JSON.parse(`{${tail.slice('],'.length)}`) as SplitSnapshot['rest'];
    return Object.hasOwn(after, 'flags') ? undefined : { ...before, ...after };
  } catch {
    return undefined;
  }
}

/** Undefined where a piece does not begin or end as a flag does, or its key is written with escapes. */
function flagsBetween(json: string, first: number, last: number): readonly FlagText[] | undefined {
  const flags: FlagText[] = [];
  for (let from = first; from < last;) {
    const start = from + 1;
    const tab = json.indexOf(BETWEEN_FLAGS, start);
    const end = tab === last ? tab : tab - 1;
    const isWhole = json.startsWith(BEFORE_KEY, start) && json.startsWith(tab === last ? '}' : '},', end - 1);
    const keyStart = start + BEFORE_KEY.length;
    const keyEnd = json.indexOf('"', keyStart);
    const key = json.slice(keyStart, keyEnd);
    if (!isWhole || keyEnd < 0 || keyEnd >= end || key.includes('\\')) return undefined;
    flags.push(new FlagText(key, json.slice(start, end)));
    from = tab;
  }
  return flags;
}
