import type { PolicyDocument, PolicyStep } from '../policies/index.js';
import type { Evidence } from './evidence.js';
import type { RampTarget } from './ramp-target.js';

/** How an attempt stands. All but `running` are final, in the store as well. */
export type RolloutStatus = 'running' | 'released' | 'rolledBack' | 'aborted' | 'superseded';

/** The ramp of one attempt of a release. Its id fences its measurements: no attempt reads another's. */
export interface Rollout {
  readonly id: string;
  readonly releaseId: string;
  readonly projectId: string;
  readonly environmentId: string;
  readonly attempt: number;
  readonly status: RolloutStatus;
  /** As it was when the attempt began: edits of the policy do not reach a running rollout. */
  readonly policy: PolicyDocument;
  readonly targets: readonly RampTarget[];
  readonly ramp: Ramp;
  readonly evidence: Evidence;
  readonly nextTickAt: Date;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly version: number;
}

/** Where a ramp is. Plain JSON: instants are RFC 3339. */
export interface Ramp {
  readonly stepIndex: number;
  /** Asked for, in thousandths of a percent. */
  readonly share: number;
  /**
   * reaching: the share is on its way to the SDKs. watching: they all serve it, the step's clock runs. baking: all
   * steps are done and everybody has the candidate.
   */
  readonly phase: 'reaching' | 'watching' | 'baking';
  /** The environment's revision that carries the share. */
  readonly revision: number;
  readonly askedAt: string;
  /** When the phase's clock began; null while reaching. */
  readonly since: string | null;
  /** Units of the candidate when the step's clock began: its sample counts from there. */
  readonly unitsBefore: number;
  /** SDK instances that served the share when the step's clock began. */
  readonly instances: number;
  /** How often this rollout was looked at. */
  readonly tick: number;
  /** What so many of these looks measured is kept. Absent: the attempt began before that was counted. */
  readonly keptTicks?: number;
  readonly paused: { readonly by: string; readonly reason: string; readonly at: string } | null;
  /** For how long this phase was paused before; its hold and its deadline stood still. Absent: it was not. */
  readonly pausedMs?: number;
  /** Since when something could not be asked. */
  readonly outageSince: string | null;
  /** Whether people were called about what it waits for now. */
  readonly isPaged: boolean;
  /** Who has approved leaving this step. */
  readonly approvals: readonly StepApproval[];
  /** Webhook gates of this step that have agreed, by index. */
  readonly openGates: readonly number[];
  /** What routers that are no SDK did with the share, as of the last look. */
  readonly traffic: readonly RoutedTraffic[];
  /** Why the ramp is where it is, for people and for CI. */
  readonly reason: Reason;
}

/** A service's traffic as its router counted it. Shares are those of the candidate, in thousandths of a percent. */
export interface RoutedTraffic {
  readonly service: string;
  /** What the router has been told and has confirmed; null while it has not. */
  readonly asked: number | null;
  /** The part of the requests that the candidate got; null without requests. */
  readonly actual: number | null;
  /** Since the router was told. */
  readonly requests: number;
  /** Whether the two fit; null while there is nothing to compare. `tooFew`: no more than chance would show. */
  readonly fits: 'matches' | 'differs' | 'tooFew' | null;
}

/** How far a share has come with routers that are no SDK. */
export interface TrafficReach {
  /** What keeps it from having arrived, for people; undefined when it has. */
  readonly lacks: string | undefined;
  /** What they counted, for every service of the rollout that they route. */
  readonly traffic: readonly RoutedTraffic[];
}

/** A person's leave to go on from the step the ramp is at. */
export interface StepApproval {
  readonly actorId: string;
  readonly actorName: string;
  readonly comment: string;
  readonly at: string;
}

/** A closed set, so that pipelines retry only what can be retried. */
export const REASON_CODES = [
  'REACHING',
  'WATCHING',
  'BAKING',
  'PAUSED',
  'FROZEN',
  'APPROVAL_MISSING',
  'WEBHOOK_WAITING',
  'CERTIFICATE_MISSING',
  'GUARDRAIL_BROKEN',
  'SAMPLE_SMALL',
  'NOT_KNOWN',
  'COULD_NOT_ASK',
  'DEADLINE_PASSED',
  'EVIDENCE_BAD',
  'SHIFT_REFUSED',
  'CANDIDATE_GONE',
  'PROMOTED_ON_EVIDENCE',
  'PROMOTED_WITHOUT_EVIDENCE',
  'PROMOTED_BY_HAND',
  'SKIPPED_BY_HAND',
  'ROLLED_BACK_BY_HAND',
  'ABORTED_BY_HAND',
  'TAKEN_OVER_BY_HAND',
  'SUPERSEDED',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** Why something is as it is. */
export interface Reason {
  readonly code: ReasonCode;
  readonly sentence: string;
  /** When it is looked at again or ends by itself, RFC 3339; absent when nobody knows. */
  readonly until?: string;
}

const HOLDING: readonly ReasonCode[] = [
  'PAUSED',
  'FROZEN',
  'APPROVAL_MISSING',
  'WEBHOOK_WAITING',
  'CERTIFICATE_MISSING',
  'GUARDRAIL_BROKEN',
  'SAMPLE_SMALL',
  'NOT_KNOWN',
  'COULD_NOT_ASK',
  'DEADLINE_PASSED',
];

/** Whether a rollout waits for something that people may want to know of, as opposed to its ordinary course. */
export function isHolding({ code }: Reason): boolean {
  return HOLDING.includes(code);
}

/** The step that a ramp is at. */
export function stepOf({ policy, ramp }: Pick<Rollout, 'policy' | 'ramp'>): PolicyStep {
  const step = policy.steps[ramp.stepIndex];
  if (step === undefined) throw new Error(`The policy has no step ${ramp.stepIndex}.`);
  return step;
}
