import type { Labels, Sample } from './metrics.js';

/** One number that grows. Who counts often keeps it, and counts without looking anything up. */
export interface Cell {
  count: number;
}

/** Counts by labels. Those there will be are named at the start, so that what never happened is told as nought. */
export class Tally<L extends Labels> {
  private readonly cells = new Map<string, { readonly labels: L; readonly cell: Cell }>();

  constructor(expected: readonly L[] = []) {
    for (const labels of expected) this.cell(labels);
  }

  /** The number of these labels, always the same one. */
  cell(labels: L): Cell {
    const key = Object.values(labels).join('\n');
    const known = this.cells.get(key);
    if (known !== undefined) return known.cell;
    const cell = { count: 0 };
    this.cells.set(key, { labels, cell });
    return cell;
  }

  samples(): readonly Sample[] {
    return [...this.cells.values()].map(({ labels, cell }) => ({ labels, value: cell.count }));
  }
}
