import { murmur3 } from '@sluice/sdk/evaluation';
import { z } from 'zod';
import { invalid } from '../kernel/errors.js';
import { FLAG_KEY } from '../kernel/key.js';
import { isStorable } from '../kernel/parse.js';
import type { Flag } from './flag.js';

/** What flags can be put in order by: what is stored of them, and (state, evaluated, stage) what follows of more. */
export const FLAG_SORTS = ['key', 'name', 'owner', 'due', 'updated', 'state', 'evaluated', 'stage'] as const;
export type FlagSort = (typeof FLAG_SORTS)[number];

/** Flags of the same value are in order of key, and those without one come last, whichever way the order goes. */
export interface FlagOrder {
  readonly sort: FlagSort;
  readonly descending: boolean;
}

/** The order of lists unless they say another. */
export const BY_KEY: FlagOrder = { sort: 'key', descending: false };

/** Where a flag stands in an order. */
export interface FlagPosition {
  /** A text, a number, or milliseconds since 1970; null: the flag has none, or the key is all there is. */
  readonly value: string | number | null;
  readonly key: string;
}

type Sortable = Pick<Flag, 'key' | 'name' | 'owner' | 'dueAt' | 'updatedAt'>;

const moment = z.int().min(0).max(Date.parse('9999-12-31T23:59:59.999Z'));
const VALUES: Readonly<Record<FlagSort, z.ZodType<FlagPosition['value']>>> = {
  key: z.null(),
  name: z.string(),
  owner: z.string().nullable(),
  due: moment.nullable(),
  updated: moment,
  state: z.int(),
  evaluated: moment.nullable(),
  stage: z.int(),
};
/** Escapes of JSON spell also what the cursor itself could not have, and what the store cannot be asked for. */
const cursorSchema = z.tuple([z.string(), z.unknown(), z.string().regex(FLAG_KEY)]).refine(isStorable);

/** Whether an order follows of what is stored of a flag itself, so that the store can put flags in it. */
export function isStored({ sort }: FlagOrder): boolean {
  return sort !== 'state' && sort !== 'evaluated' && sort !== 'stage';
}

/** Where a flag stands in an order that is stored. */
export function storedPosition(flag: Sortable, { sort }: FlagOrder): FlagPosition {
  return { value: storedValue(flag, sort), key: flag.key };
}

/** Puts positions in order, without those up to one. */
export function sortBehind(
  positions: readonly FlagPosition[],
  order: FlagOrder,
  after: FlagPosition | undefined,
): readonly FlagPosition[] {
  const further = positions.filter((each) => after === undefined || comparePositions(each, after, order) > 0);
  return further.toSorted((one, other) => comparePositions(one, other, order));
}

/** What a cursor behind a flag says: its position, and in which list. `filter` says what that is narrowed to. */
export function toSortKey({ value, key }: FlagPosition, order: FlagOrder, filter: string): string {
  return JSON.stringify([nameOf(order, filter), value, key]);
}

/** Reads what toSortKey made; throws `invalid` for what it did not make, and for a cursor of another list. */
export function parseSortKey(text: string, order: FlagOrder, filter: string): FlagPosition {
  const cursor = cursorSchema.safeParse(readJson(text));
  if (!cursor.success) {
    throw invalid('CURSOR_UNKNOWN', '"after" must be a cursor that an earlier page of this list answered.');
  }
  const [list, position, key] = cursor.data;
  const value = VALUES[order.sort].safeParse(position);
  if (list === nameOf(order, filter) && value.success) return { value: value.data, key };
  const message = 'This cursor is of a list in another order or narrowed otherwise; leave out "after" to begin anew.';
  throw invalid('CURSOR_OF_ANOTHER_LIST', message);
}

function storedValue({ name, owner, dueAt, updatedAt }: Sortable, sort: FlagSort): FlagPosition['value'] {
  if (sort === 'name') return name;
  if (sort === 'owner') return owner;
  if (sort === 'due') return dueAt?.getTime() ?? null;
  return sort === 'updated' ? updatedAt.getTime() : null;
}

/** Below zero where the first comes first. */
function comparePositions(one: FlagPosition, other: FlagPosition, { descending }: FlagOrder): number {
  if (one.value === other.value) return one.key === other.key ? 0 : one.key < other.key ? -1 : 1;
  if (one.value === null) return 1;
  if (other.value === null) return -1;
  return isLess(one.value, other.value) === descending ? 1 : -1;
}

/** Tells lists apart; of two that are not the same, one in four thousand million has the name of the other. */
function nameOf({ sort, descending }: FlagOrder, filter: string): string {
  return `${descending ? '-' : ''}${sort} ${murmur3(filter, 0).toString(36)}`;
}

function isLess(one: string | number, other: string | number): boolean {
  return typeof one === 'number' && typeof other === 'number' ? one < other : String(one) < String(other);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
