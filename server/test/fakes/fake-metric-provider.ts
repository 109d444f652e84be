import { type MetricAnswer, MetricProvider, type MetricWindow } from '../../src/analysis/providers/metric-provider.js';
import type { BoundQuery } from '../../src/analysis/providers/metric-query.js';
import { failure, sampleText } from '../../src/analysis/providers/metric-answer.js';
import { createHash } from 'node:crypto';

type Say = (query: BoundQuery, window: MetricWindow) => readonly number[] | MetricAnswer;

/** Answers at once what a test says: an answer as it is, or numbers as the points of a series that ends with the window. */
export class FakeMetricProvider extends MetricProvider {
  readonly asked: { readonly query: BoundQuery; readonly window: MetricWindow }[] = [];

  constructor(public say: Say) {
    super();
  }

  override async measure(query: BoundQuery, window: MetricWindow, signal: AbortSignal): Promise<MetricAnswer> {
    const text = JSON.stringify(query);
    if (signal.aborted) return failure(text, 'MEASUREMENT_ABORTED', 'The measurement was called off.');
    this.asked.push({ query, window });
    const said = this.say(query, window);
    if (!isNumbers(said)) return said;
    if (said.length === 0) return { kind: 'none', reason: 'nothing there', query: text, warnings: [] };
    const first = window.to.getTime() - (said.length - 1) * window.stepMs;
    const points = said.map((value, index) => ({ at: new Date(first + index * window.stepMs), value }));
    const sampleHash = createHash('sha256')
      .update(sampleText({ labels: {}, points }))
      .digest('hex');
    return { kind: 'series', points, labels: {}, query: text, sampleHash, warnings: [] };
  }
}

function isNumbers(said: readonly number[] | MetricAnswer): said is readonly number[] {
  return Array.isArray(said);
}
