import { Injectable } from '@nestjs/common';
import { precondition } from '../kernel/errors.js';
import { FULL_SHARE } from '../kernel/share.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import {
  alphaOf,
  courseOf,
  isCountMetric,
  minutesOf,
  type PolicyDocument,
  SlicedWork,
  summariseTraffic,
  TrafficHistory,
} from '../policies/index.js';
import type { BackTestRequest } from './back-test-request.js';
import {
  type SplitMetric,
  type SplitOutcome,
  type SplitStep,
  type SplitTask,
  splitTest,
  ticksOf,
} from './split-test.js';

/** More takes a server longer than anybody waits. */
const MAX_TICKS = 5_000_000;

/** What was split. */
export interface SplitTraffic {
  readonly environment: string;
  readonly subject: string;
  readonly from: Date;
  readonly to: Date;
  /** How long the ramp would have taken; steps that wait for something else are as long as their holds and samples. */
  readonly rampMinutes: number;
}

export type SplitPart = SplitTraffic & SplitOutcome;

export interface PreparedSplits {
  /** Undefined where there is nothing to split; the warnings say why. */
  readonly task: SplitTask | undefined;
  readonly traffic: SplitTraffic;
  readonly warnings: readonly string[];
}

/** Splits ordinary traffic at random, as a policy's ramp would. */
@Injectable()
export class BackTestSplits {
  constructor(
    private readonly transactions: Transactions,
    private readonly history: TrafficHistory,
    private readonly work: SlicedWork,
  ) {}

  /** Reads the traffic. Throws `precondition` where splitting it would take more than one request may. */
  prepare(
    policy: PolicyDocument,
    environment: { readonly id: string; readonly key: string } | undefined,
    request: BackTestRequest,
  ): Promise<PreparedSplits> {
    const { from, to } = this.history.lookback(request.lookbackHours);
    const traffic = { environment: environment?.key ?? '', subject: request.subject, from, to, rampMinutes: 0 };
    const skipped = (...warnings: readonly string[]): PreparedSplits => ({ task: undefined, traffic, warnings });
    if (request.aaSplits === 0) return Promise.resolve(skipped());
    if (environment === undefined) {
      return Promise.resolve(skipped('Traffic was not split: say which "environment" it is of.'));
    }
    return this.transactions.read((tx) => this.read(tx, policy, { id: environment.id, traffic, request }));
  }

  run(task: SplitTask): Promise<SplitOutcome> {
    return this.work.run(splitTest(task));
  }

  private async read(
    tx: Transaction,
    policy: PolicyDocument,
    {
      id: environmentId,
      traffic,
      request,
    }: { readonly id: string; readonly traffic: SplitTraffic; readonly request: BackTestRequest },
  ): Promise<PreparedSplits> {
    const asked = { environmentId, subject: request.subject, from: traffic.from, to: traffic.to };
    const units = summariseTraffic(await this.history.ofUnits(tx, asked), traffic.to);
    if (units === undefined) {
      const message = `No unit of ${request.subject} was measured in the last ${request.lookbackHours} h, so there is no traffic to split.`;
      return { task: undefined, traffic, warnings: [message] };
    }
    const acting = policy.metrics.filter(isCountMetric).filter(({ dryRun }) => !dryRun);
    const metrics: SplitMetric[] = [];
    const warnings: string[] = [];
    for (const metric of acting) {
      const history = await this.history.ofMetric(tx, asked, metric);
      if (!history.isBadKnown) {
        warnings.push(`History does not tell how many were slow, so ${metric.name} was left out of the splits.`);
        continue;
      }
      if (metric.kind === 'failures' && metric.count === 'callers') {
        warnings.push(`Distinct callers are not in history: ${metric.name} was split by failing units.`);
      }
      metrics.push({
        name: metric.name,
        margin: metric.margin,
        alpha: alphaOf(policy),
        counts: metric.kind === 'events' ? 'events' : 'badUnits',
        minutes: minutesOf(history, traffic.to),
      });
    }
    if (acting.length === 0) warnings.push('The policy acts on no counts of bad events, so no traffic was split.');
    if (metrics.length === 0) return { task: undefined, traffic, warnings };
    const steps = stepsOf(policy, units.unitsPerMinute);
    const rampMinutes = steps.reduce((sum, { minutes }) => sum + minutes, 0);
    const { aaSplits: splits, ratios, seed } = request;
    const task = { steps, metrics, splits, ratios, seed };
    requireBounded(task);
    const length = metrics[0]?.minutes.length ?? 0;
    if (length < rampMinutes) {
      warnings.push(`The ramp takes ${rampMinutes} min, and history has ${length}: splits went round it.`);
    }
    const { from } = units;
    return { task, traffic: { ...traffic, from, rampMinutes }, warnings };
  }
}

/** The ramp until its end, or until a step that its sample never comes to. */
function stepsOf(policy: PolicyDocument, unitsPerMinute: number): readonly SplitStep[] {
  const steps: SplitStep[] = [];
  for (const step of policy.steps) {
    const { minutes } = courseOf(policy, step, unitsPerMinute);
    if (minutes === null) break;
    steps.push({ share: step.share / FULL_SHARE, minutes: Math.ceil(minutes) });
  }
  return steps;
}

function requireBounded(task: SplitTask): void {
  const ticks = ticksOf(task);
  if (ticks <= MAX_TICKS) return;
  const message =
    `To split this ramp ${task.splits} times, for each of ${task.ratios.length + 1} ratios and ` +
    `${task.metrics.length} metrics, takes ${ticks} looks; at most ${MAX_TICKS} are taken at once. ` +
    `Ask for fewer "aaSplits" or "ratios".`;
  throw precondition('BACK_TEST_TOO_LARGE', message);
}
