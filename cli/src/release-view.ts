/** A release as the REST API answers it; only what the command reads of it. */
export interface ReleaseView {
  readonly id: string;
  readonly projectId: string;
  readonly environment: string;
  readonly name: string;
  readonly status: ReleaseStatus;
  readonly reason: Reason;
  readonly policyKey: string;
  /** 0 for a preset. */
  readonly policyVersion: number;
  readonly policy: PolicyView;
  /** 0 before the first. */
  readonly attempt: number;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly supersededBy: string | null;
  /** Ids of releases that ramped there at the same time. */
  readonly confoundedBy: readonly string[];
  readonly rollout: RolloutView | null;
}

export type ReleaseStatus =
  'draft' | 'scheduled' | 'queued' | 'running' | 'holding' | 'released' | 'rolledBack' | 'aborted' | 'superseded';

export interface Reason {
  /** Of a closed set, which a newer server may have added to. */
  readonly code: string;
  readonly sentence: string;
  /** RFC 3339. */
  readonly until?: string;
}

export interface PolicyView {
  readonly steps: readonly StepView[];
  readonly bakeSeconds: number;
  readonly approvalsToStart: number;
}

export interface StepView {
  readonly share: number;
  readonly holdSeconds: number;
  /** Of the calls of parallel runs; undefined: as the step before says. */
  readonly sampling?: number;
}

/** The ramp of a release's newest attempt. */
export interface RolloutView {
  readonly stepIndex: number;
  readonly steps: number;
  /** Asked for, in thousandths of a percent. */
  readonly share: number;
  readonly phase: 'reaching' | 'watching' | 'baking';
  /** RFC 3339; null while reaching. */
  readonly since: string | null;
  readonly metrics: readonly MetricView[];
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

export interface MetricView {
  readonly metric: string;
  /** `flag/new-cart`, `service/checkout`, or `all`. */
  readonly subject: string;
  readonly state: MetricState;
  /** Judged and shown, but never acted on. */
  readonly dryRun: boolean;
  /** False where there is one arm only. */
  readonly isComparable: boolean;
  readonly sentence: string;
  /** How far the evidence of harm has come, and where it acts. */
  readonly evidence?: number;
  readonly limit?: number;
  readonly stable?: ArmView;
  readonly candidate?: ArmView;
}

export type MetricState = 'pass' | 'fail' | 'inconclusive' | 'pending' | 'error';

/** What was measured of an arm since the attempt began. */
export interface ArmView {
  readonly units: number;
  readonly bad?: number;
  readonly mean?: number;
  readonly p50?: number;
  readonly p99?: number;
}

/** One page of a list; `nextCursor` is null at its end. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** Whether nothing more happens to a release by itself. */
export function isSettled({ status }: Pick<ReleaseView, 'status'>): boolean {
  return status === 'released' || status === 'rolledBack' || status === 'aborted' || status === 'superseded';
}
