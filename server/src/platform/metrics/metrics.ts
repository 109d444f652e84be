/** What a sample is told apart by. Values come from short lists that we write, or from what people name and keep few. */
export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  /** Which line of a histogram it is; absent in counters and gauges. */
  readonly line?: 'bucket' | 'sum' | 'count';
}

/** One sample of a counter or a gauge. */
export function sample(value: number, labels: Labels = {}): Sample {
  return { labels, value };
}

/** What Prometheus is told of a family besides its name. */
export interface Family {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** One sentence for who reads a dashboard: what it counts, and whether each replica tells its own or the same. */
  readonly help: string;
}

/** Families by name: `sluice_…` in base units (seconds, bytes), `_total` for what only grows. */
export type Families = Readonly<Record<string, Family>>;

/** Samples by family. One that is left out has none now. */
export type Readings<F extends Families> = { readonly [Name in keyof F]?: readonly Sample[] };

/**
 * Where modules say what operators may watch. Everything is read when it is asked for, and only then: what happens
 * often is counted in plain numbers (Tally, DurationTally), and costs no more than that.
 */
export abstract class Metrics {
  /**
   * Adds families that are read together. A reading that fails, or takes too long, leaves its families without samples
   * and the others alone. Throws when there is a family of that name.
   */
  abstract add<F extends Families>(families: F, read: () => Readings<F> | Promise<Readings<F>>): void;
}
