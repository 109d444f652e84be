import { minuteOf, type RunReport } from '../telemetry/index.js';
import { addSums, sumsOf } from './add-sums.js';
import { type ArrivedWindow, mergeWindows, windowOf } from './input-window.js';
import { addSignatures, MAX_SIGNATURES, type RunSignature, signatureOf } from './run-signature.js';
import type { RunTotal, VersionPair } from './sums.js';

/** Where evidence is counted: a run in an environment, since its settings last changed what it is worth. */
export interface EpochPlace {
  readonly environmentId: string;
  readonly runId: string;
  readonly epoch: number;
}

/** A report of a run that is known. */
export interface PlacedReport extends EpochPlace {
  readonly receivedAt: Date;
  /** In which an input counts once, milliseconds. */
  readonly windowMs: number;
  readonly report: RunReport;
}

/** What reports add to the sums of a pair of versions. */
export interface ReportedTotal extends RunTotal {
  /** Inputs that are named; undefined: none are. */
  readonly arrived: ArrivedWindow | undefined;
}

/** Something counted at a place. */
export type At<T> = EpochPlace & T;

export interface RunMinute {
  readonly minute: Date;
  /** Distinct inputs that were compared, and those that came out unequal. */
  readonly n: number;
  readonly x: number;
}

export interface RunShape {
  /** Hash of the structure, or OTHER_SHAPE. */
  readonly shape: number;
  readonly n: number;
  readonly lastAt: Date;
}

/** Many reports as one: of nothing at a place are there two sums. */
export interface MergedRunReports {
  readonly totals: readonly At<ReportedTotal>[];
  readonly minutes: readonly At<RunMinute>[];
  readonly shapes: readonly At<RunShape>[];
  readonly signatures: readonly At<RunSignature>[];
}

/** What is stored at a place already, of what is reported, and how many there are of all. */
export interface Stock {
  readonly count: number;
  readonly known: ReadonlySet<string>;
}

export interface Stocks {
  readonly signatures: (place: EpochPlace) => Stock;
  readonly shapes: (place: EpochPlace) => Stock;
}

/** Of a run and epoch. */
const MAX_SHAPES = 2_000;
/** Stands for all that found no room; no structure has this hash. */
export const OTHER_SHAPE = -1;

/** Adds up reports that arrived in this order. What finds no room is counted, but not told apart. */
export function mergeRunReports(reports: readonly PlacedReport[], stocks: Stocks): MergedRunReports {
  const totals = new Sums<ReportedTotal>(addReported);
  const minutes = new Sums<RunMinute>((one, other) => ({ ...one, n: one.n + other.n, x: one.x + other.x }));
  const shapes = new Sums<RunShape>((one, other) => ({ ...one, n: one.n + other.n, lastAt: laterOf(one, other) }));
  const signatures = new Sums<RunSignature>(addSignatures);
  const signatureRoom = new Room(stocks.signatures, MAX_SIGNATURES);
  const shapeRoom = new Room(stocks.shapes, MAX_SHAPES);
  for (const { receivedAt: at, windowMs, report, ...place } of reports) {
    let { unsigned } = report;
    for (const said of report.signatures) {
      const id = signatureKey(report.candidate, said.id);
      if (signatureRoom.takes(place, id)) signatures.add(place, id, signatureOf(said, report, at));
      else unsigned += said.n;
    }
    for (const [hash, n] of report.shapes) {
      const shape = shapeRoom.takes(place, String(hash)) ? hash : OTHER_SHAPE;
      shapes.add(place, String(shape), { shape, n, lastAt: at });
    }
    const { candidate, controlVersion, candidateVersion, inputs } = report;
    const pair = { candidate, controlVersion, candidateVersion };
    const sums = sumsOf({ ...report, unsigned });
    const window = windowOf(report);
    const arrived = window && { index: Math.floor(at.getTime() / windowMs), window };
    totals.add(place, totalKey(pair), { ...pair, sums, firstAt: at, lastAt: at, arrived });
    const minute = minuteOf(at);
    minutes.add(place, minute.toISOString(), { minute, ...inputs });
  }
  return { totals: totals.all(), minutes: minutes.all(), shapes: shapes.all(), signatures: signatures.all() };
}

/** Two sums of the same pair of versions as one. */
export function addTotals(one: RunTotal, other: RunTotal): RunTotal {
  const { candidate, controlVersion, candidateVersion } = one;
  return {
    ...{ candidate, controlVersion, candidateVersion },
    sums: addSums(one.sums, other.sums),
    firstAt: one.firstAt < other.firstAt ? one.firstAt : other.firstAt,
    lastAt: laterOf(one, other),
  };
}

/** What arrives at once counts in one window, the last. */
function addReported(one: ReportedTotal, other: ReportedTotal): ReportedTotal {
  const total = addTotals(one, other);
  if (one.arrived === undefined || other.arrived === undefined) {
    return { ...total, arrived: one.arrived ?? other.arrived };
  }
  const index = Math.max(one.arrived.index, other.arrived.index);
  return { ...total, arrived: { index, window: mergeWindows(one.arrived.window, other.arrived.window) } };
}

/** Names a pair of versions within a place. */
export function totalKey({ candidate, controlVersion, candidateVersion }: VersionPair): string {
  return JSON.stringify([candidate, controlVersion, candidateVersion]);
}

/** Names a signature within a place. */
export function signatureKey(candidate: string, id: string): string {
  return JSON.stringify([candidate, id]);
}

/** Names a place. */
export function placeKey({ environmentId, runId, epoch }: EpochPlace): string {
  return `${environmentId} ${runId} ${epoch}`;
}

function laterOf(one: { readonly lastAt: Date }, other: { readonly lastAt: Date }): Date {
  return one.lastAt > other.lastAt ? one.lastAt : other.lastAt;
}

/** Sums by place and key, in the order in which they first occurred. */
class Sums<T> {
  private readonly sums = new Map<string, At<T>>();

  constructor(private readonly plus: (one: T, other: T) => T) {}

  add({ environmentId, runId, epoch }: EpochPlace, key: string, item: T): void {
    const place = { environmentId, runId, epoch };
    const at = `${placeKey(place)} ${key}`;
    const sum = this.sums.get(at);
    this.sums.set(at, { ...place, ...(sum === undefined ? item : this.plus(sum, item)) });
  }

  all(): readonly At<T>[] {
    return [...this.sums.values()];
  }
}

/** How many different things there may be at a place: first come, first served. */
class Room {
  private readonly taken = new Map<string, { count: number; readonly known: Set<string> }>();

  constructor(
    private readonly stock: (place: EpochPlace) => Stock,
    private readonly most: number,
  ) {}

  takes(place: EpochPlace, key: string): boolean {
    const at = placeKey(place);
    let taken = this.taken.get(at);
    if (taken === undefined) {
      const { count, known } = this.stock(place);
      taken = { count, known: new Set(known) };
      this.taken.set(at, taken);
    }
    if (taken.known.has(key)) return true;
    if (taken.count >= this.most) return false;
    taken.count += 1;
    taken.known.add(key);
    return true;
  }
}
