import type { Labels, Sample } from './metrics.js';

/** Seconds, from an evaluation to a request that somebody complains about. */
export const REQUEST_BOUNDS: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** Counts durations between bounds, as Prometheus wants its histograms. */
export class DurationTally {
  private readonly counts: Float64Array;
  private sum = 0;

  /** Upper bounds in seconds, rising; what is longer than the last counts as well. */
  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(seconds: number): void {
    const { bounds } = this;
    let index = 0;
    while (index < bounds.length && seconds > (bounds[index] ?? Infinity)) index += 1;
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    if (seconds > 0) this.sum += seconds;
  }

  /** The lines of one histogram, each under the given labels. */
  samples(labels: Labels): readonly Sample[] {
    const lines: Sample[] = [];
    let count = 0;
    this.counts.forEach((ofBucket, index) => {
      count += ofBucket;
      const le = String(this.bounds[index] ?? '+Inf');
      lines.push({ line: 'bucket', labels: { ...labels, le }, value: count });
    });
    lines.push({ line: 'sum', labels, value: this.sum }, { line: 'count', labels, value: count });
    return lines;
  }
}
