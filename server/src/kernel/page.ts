import { invalid } from './errors.js';
import { isStorable } from './parse.js';

/** What a caller asks of a list: at most `limit` items after the cursor. */
export interface PageRequest {
  readonly limit: number;
  /** The sort key of the last item already seen. */
  readonly after: string | undefined;
}

/** One page of a list; `nextCursor` is null at its end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export const MAX_PAGE_LIMIT = 200;
const DEFAULT_PAGE_LIMIT = 50;

/**
 * Reads `limit` and `after` of a query string; throws `invalid` for a limit out of range or a foreign cursor. A list
 * that is not sorted by text says what its sort keys look like.
 */
export function parsePageRequest(
  query: { limit?: string | undefined; after?: string | undefined },
  isSortKey: (text: string) => boolean = isText,
): PageRequest {
  const limit = query.limit === undefined ? DEFAULT_PAGE_LIMIT : Number(query.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE_LIMIT) {
    throw invalid('LIMIT_OUT_OF_RANGE', `"limit" must be a whole number from 1 to ${MAX_PAGE_LIMIT}.`);
  }
  return { limit, after: query.after === undefined ? undefined : parseCursor(query.after, isSortKey) };
}

/** Cuts a page out of up to `limit + 1` rows in order; the extra row only tells that there is more. */
export function toPage<T>(rows: readonly T[], limit: number, sortKeyOf: (item: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(sortKeyOf(last)) : null };
}

/** What a caller says to go on behind the item of a sort key. */
export function cursorOf(sortKey: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(sortKey)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/u, '');
}

function parseCursor(cursor: string, isSortKey: (text: string) => boolean): string {
  const sortKey = decodeCursor(cursor);
  if (sortKey !== undefined && isSortKey(sortKey)) return sortKey;
  throw invalid('CURSOR_UNKNOWN', '"after" must be a cursor that an earlier page of this list answered.');
}

function decodeCursor(cursor: string): string | undefined {
  try {
    const binary = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What is no part of any text that the store holds cannot be asked for either. */
function isText(sortKey: string): boolean {
  return sortKey !== '' && isStorable(sortKey);
}
