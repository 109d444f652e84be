/** Kinds of attention that are of flags: of those there may be hundreds, and none is more pressing than the next. */
const KINDS = ['overdueFlag', 'dueFlag'] as const;
export type FlagKind = (typeof KINDS)[number];

/** So many of a kind stand each in a row of its own. */
const MOST = 2;

/** All flags of one kind, as one row. */
export interface Folded {
  readonly kind: FlagKind;
  readonly count: number;
  /** When the first of them was or is due: ISO 8601. */
  readonly since: string;
}

interface Item {
  readonly kind: string;
  readonly since: string;
}

/** Items in their order, where many flags of a kind are one row in the place of the first of them. */
export function foldFlags<T extends Item>(items: readonly T[]): readonly (T | Folded)[] {
  const rows: (T | Folded)[] = [];
  for (const item of items) {
    const kind = KINDS.find((each) => each === item.kind);
    const alike = kind === undefined ? [] : items.filter((each) => each.kind === kind);
    if (kind === undefined || alike.length <= MOST) rows.push(item);
    else if (alike[0] === item) rows.push({ kind, count: alike.length, since: first(alike) });
  }
  return rows;
}

/** Whether a row stands for many. */
export function isFolded(row: object): row is Folded {
  return 'count' in row;
}

function first(items: readonly Item[]): string {
  return items.map(({ since }) => since).reduce((a, b) => (a < b ? a : b));
}
