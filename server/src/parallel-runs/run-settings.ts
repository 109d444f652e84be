import type { SnapshotParallelRun } from '@sluice/sdk/evaluation';
import type { Demand, OwnedRule, ParallelRun, ParallelRunSettings, Runner } from './parallel-run.js';
import { wireEpoch } from './wire-epoch.js';

export const DEFAULT_DEMAND: Demand = {
  tolerance: 0.001,
  alpha: 0.05,
  alphaKill: 0.01,
  unansweredTolerance: 0.01,
  latencyMargin: 0.1,
  strata: [],
};

/** As the SDK's own defaults are, for a run that no server knows. */
export const DEFAULT_RUNNER: Runner = {
  bucketBy: null,
  twinShare: 2_000,
  deadlineMs: 5_000,
  maxConcurrent: 10,
  budget: { addedMs: 1, loopDelayMs: 50 },
  windowSeconds: 3_600,
  serve: null,
  rawPaths: [],
};

/** What of a run's settings is written by people and by releases. */
export type RunSettingsContent = Pick<ParallelRunSettings, 'share' | 'demand' | 'runner' | 'rules'>;

/** What of the settings evidence depends on: what is compared, with what, and what is asked of it. */
export interface EvidenceBasis extends Pick<ParallelRunSettings, 'demand' | 'rules'> {
  readonly runner: Pick<Runner, 'bucketBy' | 'deadlineMs' | 'windowSeconds'>;
}

/** Evidence found on one basis says nothing of another. */
export function evidenceBasisOf({ demand, rules, runner }: RunSettingsContent): EvidenceBasis {
  const { bucketBy, deadlineMs, windowSeconds } = runner;
  return { demand, rules, runner: { bucketBy, deadlineMs, windowSeconds } };
}

/** A run in an environment where nobody has set it yet: off. Version 0 is never stored. */
export const UNTOUCHED_SETTINGS: ParallelRunSettings = {
  share: 0,
  demand: DEFAULT_DEMAND,
  runner: DEFAULT_RUNNER,
  rules: [],
  epoch: 1,
  demandHash: '',
  digestKey: '',
  version: 0,
};

/** Settings as people may see them: whoever has the key of the digests can try values against them. */
export function withoutKey({ digestKey: _digestKey, ...settings }: ParallelRunSettings): RunSettingsView {
  return settings;
}

export type RunSettingsView = Omit<ParallelRunSettings, 'digestKey'>;

/** A run as SDKs of one environment need it; undefined where they need not know of it. */
export function toSnapshotRun(
  { id, key }: Pick<ParallelRun, 'id' | 'key'>,
  settings: ParallelRunSettings,
): SnapshotParallelRun | undefined {
  const { share, epoch, runner, rules, digestKey, version } = settings;
  const { bucketBy, serve, ...bounds } = runner;
  if (version === 0 || (share === 0 && serve === null)) return undefined;
  return {
    key,
    epoch: wireEpoch(id, epoch),
    share,
    ...(bucketBy === null ? {} : { bucketBy }),
    ...bounds,
    ...(serve === null ? {} : { serve }),
    rules: rules.map(toComparisonRule),
    digestKey,
  };
}

/** Whose rule it is and why stays behind. */
function toComparisonRule(rule: OwnedRule): SnapshotParallelRun['rules'][number] {
  const { owner: _owner, reason: _reason, expiresAt: _expiresAt, createdAt: _createdAt, ...comparison } = rule;
  return comparison;
}

/** The rules that still hold at a moment. */
export function rulesAt(rules: readonly OwnedRule[], now: Date): readonly OwnedRule[] {
  return rules.filter(({ expiresAt }) => expiresAt === null || new Date(expiresAt) > now);
}
