import type { SnapshotRamp } from '@sluice/sdk/evaluation';
import type { TrafficContent } from '../deployments/index.js';
import { type FlagRamp, type SettingsContent, withShare } from '../flags/index.js';

/** Something that a rollout moves. Plain JSON, stored with the rollout. */
export type RampTarget = FlagTarget | ServiceTarget | ParallelRunTarget;

export interface FlagTarget {
  readonly kind: 'flag';
  readonly flagId: string;
  readonly flag: string;
  /** What the flag decided when the attempt began: restored exactly on rollback. */
  readonly before: SettingsContent;
  /** The same with the release's edits in it. */
  readonly base: SettingsContent;
  /** What is ramped; null: the edits alone, for everybody from the start. */
  readonly ramp: FlagRamp | null;
}

export interface ServiceTarget {
  readonly kind: 'service';
  readonly service: string;
  /** As FlagTarget.before. */
  readonly before: TrafficContent;
  readonly candidate: { readonly version: string; readonly digest: string };
}

/** A run whose calls are sampled, as the policy's steps say: it serves nobody. */
export interface ParallelRunTarget {
  readonly kind: 'parallelRun';
  readonly runId: string;
  readonly run: string;
  /** As FlagTarget.before. */
  readonly before: { readonly share: number };
}

type Named =
  Pick<FlagTarget, 'kind' | 'flag'> | Pick<ServiceTarget, 'kind' | 'service'> | Pick<ParallelRunTarget, 'kind' | 'run'>;

/** What a target is called in measurements: `flag/new-cart`, `service/checkout`, `parallel-run/price-v2`. */
export function subjectOf(target: Named): string {
  switch (target.kind) {
    case 'flag':
      return `flag/${target.flag}`;
    case 'service':
      return `service/${target.service}`;
    case 'parallelRun':
      return `parallel-run/${target.run}`;
  }
}

/** The parallel runs that a rollout samples, by key. */
export function runsOf(targets: readonly RampTarget[]): readonly string[] {
  return targets.flatMap((target) => (target.kind === 'parallelRun' ? [target.run] : []));
}

/** The subjects that callers are divided over: they have two arms, whose units are compared. */
export function comparedSubjects(targets: readonly RampTarget[]): readonly string[] {
  return targets
    .filter((target) => target.kind === 'service' || (target.kind === 'flag' && target.ramp !== null))
    .map(subjectOf);
}

/** What a flag decides at a share. */
export function settingsAt({ base, ramp }: FlagTarget, share: number): SettingsContent {
  return ramp === null ? base : withShare(base, ramp, share);
}

interface Ramped {
  readonly id: string;
  readonly targets: readonly RampTarget[];
  readonly ramp: { readonly share: number };
}

/** What SDKs need to know to credit units to the arms of a rollout. */
export function snapshotRampsOf({ id: rollout, targets, ramp: { share } }: Ramped): readonly SnapshotRamp[] {
  return targets.flatMap((target): readonly SnapshotRamp[] => {
    const subject = subjectOf(target);
    if (target.kind === 'service') {
      const { version: candidate } = target.candidate;
      return [{ rollout, subject, stable: target.before.stable.version, candidate, share }];
    }
    if (target.kind === 'parallelRun' || target.ramp === null) return [];
    const { stable, candidate, rule } = target.ramp;
    return [{ rollout, subject, stable, candidate, share, ...(rule === undefined ? {} : { rule }) }];
  });
}

/** Whether a subject is a service; else it is a flag. */
export function isOfService(subject: string): boolean {
  return subject.startsWith('service/');
}
