import type { TelemetryReport } from './telemetry-batch.js';

/** The most of something there may be: reports, and rows of the store that they touch. */
interface Bounds {
  readonly reports: number;
  readonly rows: number;
}

const MAX_WAITING: Bounds = { reports: 5_000, rows: 200_000 };
/** One transaction's worth: what a single connection stores in a fraction of a second. */
const MAX_GROUP: Bounds = { reports: 500, rows: 10_000 };

/** Reports that wait for their turn, first come, first served. Bounded in number and in size. */
export class ReportQueue<T extends { readonly report: TelemetryReport }> {
  #waiting: T[] = [];
  #rows = 0;

  constructor(
    private readonly most = MAX_WAITING,
    private readonly group = MAX_GROUP,
  ) {}

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Waiting longer would not make the next group larger. */
  get hasGroup(): boolean {
    return this.#waiting.length >= this.group.reports || this.#rows >= this.group.rows;
  }

  /** Puts one at the end; false when there is no room. An empty queue has room for anything. */
  add(item: T): boolean {
    const rows = rowsOf(item.report);
    const isFull = this.#waiting.length >= this.most.reports || this.#rows + rows > this.most.rows;
    if (isFull && !this.isEmpty) return false;
    this.#waiting.push(item);
    this.#rows += rows;
    return true;
  }

  /** Takes the next ones that go together: at least one, as far as there is any. */
  takeGroup(): readonly T[] {
    let rows = 0;
    const isBeyond = (item: T, index: number): boolean => {
      if (index > 0 && rows + rowsOf(item.report) > this.group.rows) return true;
      rows += rowsOf(item.report);
      return index >= this.group.reports;
    };
    const end = this.#waiting.findIndex(isBeyond);
    const taken = this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
    this.#rows -= taken.reduce((sum, { report }) => sum + rowsOf(report), 0);
    return taken;
  }
}

/** How many rows a report touches: its batch and its instance, and one for each sum, failing caller, shape and fault. */
function rowsOf({ usage, tracked, arms, ordinary, parallelRuns }: TelemetryReport): number {
  const callers = arms.reduce((sum, arm) => sum + arm.callers.length, 0);
  const compared = parallelRuns.reduce((sum, { shapes, signatures }) => sum + 2 + shapes.length + signatures.length, 0);
  return 2 + usage.length + tracked.length + arms.length + callers + ordinary.length + compared;
}
