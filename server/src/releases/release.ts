import type { PolicyDocument } from '../policies/index.js';
import type { Reason } from '../rollouts/index.js';
import type { SettingsContent } from '../flags/index.js';
import type { ReleaseStatus } from './release-machine.js';

/** A set of changes that go live together under a policy, and go back together. */
export interface Release {
  readonly id: string;
  readonly projectId: string;
  readonly environmentId: string;
  readonly name: string;
  readonly description: string;
  readonly status: ReleaseStatus;
  readonly reason: ReleaseReason;
  readonly changes: readonly ReleaseChange[];
  readonly policyKey: string;
  /** 0 for a preset. */
  readonly policyVersion: number;
  /** As it was at that version, arguments filled in. */
  readonly policy: PolicyDocument;
  /** SHA-256 of changes and policy, hexadecimal: what approvals are bound to. */
  readonly contentHash: string;
  /** What asking again is known by; see naturalKeyOf. Null for releases of flags alone made before they had one. */
  readonly naturalKey: string | null;
  /** Who asked for it cannot be the one who approves it. */
  readonly createdBy: string;
  /** 0 before the first. */
  readonly attempt: number;
  readonly scheduledAt: Date | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly supersededBy: string | null;
  /** Releases that ramped in the environment at the same time: what is measured may be theirs. */
  readonly confoundedBy: readonly string[];
  readonly version: number;
}

export type ReleaseChange = FlagChange | ServiceChange | ParallelRunChange;

export interface FlagChange {
  readonly kind: 'flag';
  readonly flag: string;
  /** Settings that it replaces, for everybody from the start. */
  readonly edit: Partial<SettingsContent>;
  /** What is ramped; absent: the edit alone. */
  readonly ramp?: { readonly variation: string; readonly rule?: string; readonly bucketBy?: string };
  /** How long after the release the flag, and the code it decided between, is to be gone; absent: its due date stays. */
  readonly retireAfterDays?: number;
}

export interface ServiceChange {
  readonly kind: 'service';
  readonly service: string;
  readonly version: string;
  readonly digest: string;
}

/** A run whose calls are sampled as the policy's steps say. */
export interface ParallelRunChange {
  readonly kind: 'parallelRun';
  readonly run: string;
}

/** Why a release is where it is. Reasons of its rollout are passed on. */
export type ReleaseReason =
  Reason | { readonly code: OwnReasonCode; readonly sentence: string; readonly until?: string };

export type OwnReasonCode = 'CREATED' | 'SCHEDULED' | 'QUEUED' | 'STARTED' | 'START_REFUSED';

/** A person's leave to start a release as it is: bound to its content. */
export interface StartApproval {
  readonly actorId: string;
  readonly actorName: string;
  readonly contentHash: string;
  readonly comment: string;
  readonly at: Date;
}

/**
 * What a change is about: `flag/new-cart`, `service/checkout`, `parallel-run/price-v2`. Two releases that share one
 * cannot ramp together.
 */
export function subjectOfChange(change: ReleaseChange): string {
  switch (change.kind) {
    case 'flag':
      return `flag/${change.flag}`;
    case 'service':
      return `service/${change.service}`;
    case 'parallelRun':
      return `parallel-run/${change.run}`;
  }
}

/** Whether it releases versions of services; else it changes flags alone. */
export function hasBuilds({ changes }: Pick<Release, 'changes'>): boolean {
  return changes.some(({ kind }) => kind === 'service');
}

type Asked = Pick<Release, 'environmentId' | 'changes' | 'contentHash' | 'policyKey' | 'policyVersion' | 'scheduledAt'>;

/**
 * What asking again for a release is known by. With a service: its builds in its environment, whatever else is asked
 * for. Of flags and parallel runs alone: all of it, under the same version of the same policy, for the same time.
 */
export function naturalKeyOf(asked: Asked): string {
  const { environmentId, changes, contentHash, policyKey, policyVersion, scheduledAt } = asked;
  if (hasBuilds(asked)) {
    const builds = changes.flatMap((each) => (each.kind === 'service' ? [`${each.service}@${each.digest}`] : []));
    return [environmentId, ...builds.sort()].join(' ');
  }
  const time = scheduledAt?.toISOString() ?? 'unscheduled';
  return [environmentId, `${policyKey}@${policyVersion}`, time, contentHash].join(' ');
}

/** The subjects that two releases both change. */
export function sharedSubjects(a: Pick<Release, 'changes'>, b: Pick<Release, 'changes'>): readonly string[] {
  const subjects = new Set(a.changes.map(subjectOfChange));
  return b.changes.map(subjectOfChange).filter((subject) => subjects.has(subject));
}
