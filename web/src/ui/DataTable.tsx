import {
  type ColumnDef,
  createSortedRowModel,
  type RowData,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  memo,
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Icon } from './Icon.js';
import { steadyOrder } from '../util/steady-order.js';
import { toggled } from '../util/toggled.js';
import { leastWidth } from './least-width.js';
import { nextRow } from './next-row.js';
import classes from './DataTable.module.css';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** What rows are put in order by; a column without cannot be sorted by. */
  readonly sortBy?: (row: Row) => string | number | undefined;
  /** A CSS width, a share of the table's only where the screen is wide; what is left is shared by columns without. */
  readonly width?: string;
  readonly align?: 'end';
  /** Left out where the screen is narrow. */
  readonly isMinor?: boolean;
}

/** Rows that are chosen, by their keys. */
interface Selection<Row> {
  readonly selected: ReadonlySet<string>;
  readonly onChange: (selected: ReadonlySet<string>) => void;
  /** What chooses a row, for those who do not see it. */
  readonly label: (row: Row) => string;
  readonly labelAll: string;
}

/** A table as who draws it says it. */
export interface TableProps<Row> {
  /** Says what the table is of, to those who do not see the page. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  /** Column id, with a minus before it for descending; '' leaves the order of the rows. */
  readonly sort?: string;
  readonly onSort?: (sort: string) => void;
  /** Enter on a row; its cells should have a link to the same place. */
  readonly onOpen?: (row: Row) => void;
  /** Called as the end comes near, where there is more to load. */
  readonly onEnd?: (() => void) | undefined;
  /** Rows can be chosen: by their boxes, and by Space on a row. */
  readonly selection?: Selection<Row>;
  /** Instead of rows. */
  readonly empty: ReactNode;
}

const ROW_HEIGHT = 34;
const NEAR_THE_END = 20;

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});

/**
 * Rows of any number, of which only those in view are drawn. One row is in the order of focus; arrows (or j and k), Page
 * Up and Down, Home and End move it, Enter opens it. While the pointer is over the rows they keep their order.
 */
export function DataTable<Row extends RowData>({
  label,
  rows,
  columns,
  rowKey,
  sort = '',
  onSort,
  onOpen,
  onEnd,
  selection,
  empty,
}: TableProps<Row>) {
  const definitions = useMemo(
    () =>
      columns.map((column): ColumnDef<typeof features, Row, unknown> => ({
        id: column.id,
        accessorFn: (row) => column.sortBy?.(row),
        enableSorting: column.sortBy !== undefined,
        sortUndefined: 'last',
      })),
    [columns],
  );
  const sorting = useMemo(
    () => (sort === '' ? [] : [{ id: sort.replace(/^-/u, ''), desc: sort.startsWith('-') }]),
    [sort],
  );
  // TanStack Table wants an array that it may, but does not, change.
  const data = rows as Row[];
  const table = useTable({ features, columns: definitions, data, getRowId: rowKey, state: { sorting } });
  const inOrderAsked = table.getRowModel().rows;
  // While something points at a row none moves: a click would hit another one.
  const stood = useRef<readonly string[]>([]);
  const [isPointedAt, setPointedAt] = useState(false);
  const sorted = useMemo(
    () => (isPointedAt ? steadyOrder(inOrderAsked, ({ id }) => id, stood.current) : inOrderAsked),
    [isPointedAt, inOrderAsked],
  );
  useEffect(() => void (stood.current = sorted.map(({ id }) => id)), [sorted]);

  const box = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState(0);
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    // Another function would have all rows measured anew, with every pixel that is scrolled.
    getItemKey: useCallback((index: number) => sorted[index]?.id ?? index, [sorted]),
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastShown >= sorted.length - NEAR_THE_END) onEnd?.();
  }, [lastShown, sorted.length, onEnd]);

  // Where the focus is on its way to: the next key, however soon it comes, goes on from there.
  const awaited = useRef<number>(undefined);
  const focusRow = (index: number): void => {
    const focus = (): boolean => {
      const row = box.current?.querySelector<HTMLElement>(`tr[data-index="${index}"]`) ?? undefined;
      row?.focus({ preventScroll: true });
      return row !== undefined;
    };
    setFocused(index);
    virtual.scrollToIndex(index);
    awaited.current = undefined;
    if (focus()) return;
    awaited.current = index;
    // It is drawn once it has been scrolled to.
    requestAnimationFrame(() => {
      if (awaited.current !== index) return;
      awaited.current = undefined;
      focus();
    });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTableRowElement>, index: number): void => {
    if (event.target !== event.currentTarget) return;
    const at = awaited.current ?? index;
    const row = sorted[at]?.original;
    if (row === undefined) return;
    if (event.key === 'Enter') onOpen?.(row);
    if (event.key === ' ' && selection !== undefined) {
      event.preventDefault();
      selection.onChange(toggled(selection.selected, rowKey(row)));
    }
    const next = nextRow(event.key, at, sorted.length);
    if (next === undefined) return;
    event.preventDefault();
    focusRow(next);
  };

  if (rows.length === 0) return <>{empty}</>;
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const inOrder = Math.min(focused, sorted.length - 1);
  // React knows names of properties, not of variables.
  const least = { '--least-width': leastWidth(columns) } as CSSProperties;
  return (
    <div className={classes['box']} ref={box}>
      <table className={classes['table']} style={least} aria-label={label} aria-rowcount={sorted.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {selection !== undefined && <ChooseAll rows={rows} rowKey={rowKey} selection={selection} />}
            {columns.map((column) => (
              <Header key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody onPointerEnter={() => setPointedAt(true)} onPointerLeave={() => setPointedAt(false)}>
          {before > 0 && <Spacer height={before} />}
          {items.map(({ index }) => {
            const row = sorted[index];
            if (row === undefined) return null;
            return (
              <tr
                key={row.id}
                data-index={index}
                aria-rowindex={index + 2}
                tabIndex={index === inOrder ? 0 : -1}
                onFocus={() => setFocused(index)}
                onKeyDown={(event) => onKeyDown(event, index)}
              >
                {selection !== undefined && (
                  <td data-choice>
                    <input
                      type="checkbox"
                      aria-label={selection.label(row.original)}
                      tabIndex={index === inOrder ? 0 : -1}
                      checked={selection.selected.has(row.id)}
                      onChange={() => selection.onChange(toggled(selection.selected, row.id))}
                    />
                  </td>
                )}
                <Cells columns={columns} row={row.original} />
              </tr>
            );
          })}
          {after > 0 && <Spacer height={after} />}
        </tbody>
      </table>
    </div>
  );
}

interface ChooseAllProps<Row> {
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly selection: Selection<Row>;
}

/** Chooses all rows that are listed, or none. */
function ChooseAll<Row>({ rows, rowKey, selection: { selected, onChange, labelAll } }: ChooseAllProps<Row>) {
  const count = rows.filter((row) => selected.has(rowKey(row))).length;
  return (
    <th scope="col" data-choice>
      <input
        type="checkbox"
        aria-label={labelAll}
        checked={count === rows.length}
        ref={(box) => {
          if (box !== null) box.indeterminate = count > 0 && count < rows.length;
        }}
        onChange={() => onChange(new Set(count === rows.length ? [] : rows.map(rowKey)))}
      />
    </th>
  );
}

interface CellsProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly row: Row;
}

function CellsOf<Row>({ columns, row }: CellsProps<Row>): ReactNode {
  return columns.map((column) => (
    <td key={column.id} data-align={column.align} data-minor={column.isMinor}>
      {column.cell(row)}
    </td>
  ));
}

/** Drawn once, however far is scrolled. As generic as what it wraps, which memo forgets. */
const Cells = memo(CellsOf) as typeof CellsOf;

function Header<Row>(props: {
  readonly column: Column<Row>;
  readonly sort: string;
  readonly onSort: ((sort: string) => void) | undefined;
}) {
  const { id, header, sortBy, width, align, isMinor } = props.column;
  const direction = props.sort === id ? 'ascending' : props.sort === `-${id}` ? 'descending' : 'none';
  const { onSort } = props;
  return (
    <th
      scope="col"
      style={{ width }}
      aria-sort={sortBy && direction}
      data-align={align}
      data-minor={isMinor}
      data-share={width?.endsWith('%')}
    >
      {sortBy !== undefined && onSort !== undefined ? (
        <button type="button" onClick={() => onSort(direction === 'ascending' ? `-${id}` : id)}>
          {header}
          {direction !== 'none' && <Icon name={direction === 'ascending' ? 'up' : 'down'} size={12} />}
        </button>
      ) : (
        header
      )}
    </th>
  );
}

/** Stands for the rows that are not drawn. One cell: to span columns that a phone leaves out would bring them back. */
function Spacer({ height }: { readonly height: number }) {
  return (
    <tr aria-hidden className={classes['spacer']}>
      <td style={{ height }} />
    </tr>
  );
}
