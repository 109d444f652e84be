import { Injectable } from '@nestjs/common';
import {
  bindQuery,
  type MetricAnswer,
  MetricProvider,
  type MetricQuery,
  type MetricVerdict,
  type MetricWindow,
  nextMeasurementAtMs,
} from '../analysis/index.js';
import type { QueryMetric } from '../policies/index.js';
import { type QuerySubject, querySubjects } from './query-subject.js';
import { Inquiries } from './inquiries.service.js';
import { judgeAttribution } from './judge-attribution.js';
import { judgeMeasurement } from './judge-query.js';
import type { ObservedSeries, QueryObservation } from './observation.js';
import { NO_QUERY } from './query-state.js';
import { queryKey } from './query-subject.js';
import type { Rollout } from './rollout.js';
import type { Look } from './rollout-looks.service.js';

/** Providers answer in a bounded time by themselves; this is for one that does not. */
const PATIENCE_MS = 30_000;
const POINTS_IN_WINDOW = 60;

/** Asks metric providers what a rollout's policy wants to know now. */
@Injectable()
export class RolloutQueries {
  constructor(
    private readonly provider: MetricProvider,
    private readonly inquiries: Inquiries,
  ) {}

  /** An observation for each query that was due and has been answered by now; no tick waits for one. Never rejects. */
  async measure({ rollout, now, environmentKey }: Look): Promise<readonly QueryObservation[]> {
    const due = rollout.policy.metrics
      .filter((metric) => metric.kind === 'query')
      .flatMap((metric) => querySubjects(rollout, environmentKey).map((subject) => ({ metric, subject })))
      .filter(({ metric, subject }) => isDue(rollout, metric, subject, now));
    const measured = due.map(({ metric, subject }) =>
      this.inquiries.ask(`query ${rollout.id} ${queryKey(subject.name, metric)}`, () =>
        this.measureOne(rollout, metric, { subject, now }),
      ),
    );
    return (await Promise.all(measured)).filter((each) => each !== undefined);
  }

  private async measureOne(
    rollout: Rollout,
    metric: QueryMetric,
    { subject, now }: { readonly subject: QuerySubject; readonly now: Date },
  ): Promise<QueryObservation> {
    const window = windowOf(rollout, metric, now);
    const { judge } = metric;
    const [candidate, stable] = await Promise.all([
      this.ask(metric.query, subject.candidate, window),
      judge.kind === 'baseline' ? this.ask(judge.stableQuery, subject.stable, window) : undefined,
    ]);
    const judged = judgeMeasurement(metric, stable === undefined ? { candidate } : { candidate, stable });
    const doubt = await this.doubtOf(rollout, metric, { subject, window, candidate });
    const { state, reason } = doubt ?? judged;
    const [series, stableSeries] = [seriesOf(candidate), seriesOf(stable)];
    return {
      metric: metric.name,
      subject: subject.name,
      from: window.from.toISOString(),
      to: now.toISOString(),
      query: candidate.query,
      state,
      sentence: reason,
      ...(stable === undefined ? {} : { stableQuery: stable.query }),
      ...(series === undefined ? {} : { candidate: series }),
      ...(stableSeries === undefined ? {} : { stable: stableSeries }),
    };
  }

  /** Why a series is not trusted to be the candidate's; undefined where it is, or where the policy does not ask. */
  private async doubtOf(
    { ramp, startedAt }: Rollout,
    { attribution }: QueryMetric,
    asked: { readonly subject: QuerySubject; readonly window: MetricWindow; readonly candidate: MetricAnswer },
  ): Promise<MetricVerdict | undefined> {
    const { subject, window, candidate } = asked;
    if (attribution === undefined || candidate.kind !== 'series') return undefined;
    const [ours, theirs] = await Promise.all([
      this.ask(attribution.count, subject.candidate, window),
      this.ask(attribution.count, subject.stable, window),
    ]);
    const { version } = subject.candidate;
    return judgeAttribution({
      isLabelSeen: attribution.label === undefined || candidate.labels[attribution.label] === version,
      counts: { candidate: ours, stable: theirs },
      share: ramp.share,
      startedAt,
    });
  }

  private ask(query: MetricQuery, subject: QuerySubject['stable'], window: MetricWindow): Promise<MetricAnswer> {
    return this.provider.measure(bindQuery(query, subject, window), window, AbortSignal.timeout(PATIENCE_MS));
  }
}

function isDue({ startedAt, evidence }: Rollout, metric: QueryMetric, subject: QuerySubject, now: Date): boolean {
  const { counters, lastAt } = evidence.queries[queryKey(subject.name, metric)] ?? NO_QUERY;
  const at = nextMeasurementAtMs(
    { initialDelayMs: metric.initialDelaySeconds * 1_000, intervalMs: metric.intervalSeconds * 1_000 },
    {
      startedAtMs: startedAt.getTime(),
      ...(lastAt === null ? {} : { lastEndedAtMs: new Date(lastAt).getTime() }),
      counters,
    },
  );
  return at !== undefined && at <= now.getTime();
}

/** Never reaches back before the attempt: what was measured then is another candidate's. */
function windowOf({ startedAt }: Rollout, { judge, intervalSeconds }: QueryMetric, to: Date): MetricWindow {
  const seconds = judge.kind === 'baseline' ? judge.windowSeconds : intervalSeconds;
  const from = new Date(Math.max(startedAt.getTime(), to.getTime() - seconds * 1_000));
  return { from, to, stepMs: Math.max(1_000, Math.ceil((seconds * 1_000) / POINTS_IN_WINDOW)) };
}

function seriesOf(answer: MetricAnswer | undefined): ObservedSeries | undefined {
  if (answer?.kind !== 'series') return undefined;
  const { labels, points, sampleHash: hash } = answer;
  return { labels, points: points.map(({ at, value }) => [at.getTime(), value] as const), hash };
}
