import { type PolicyGate, samplingAt } from '../policies/index.js';
import type { Rollout } from '../rollouts/index.js';

/** A step of an attempt: as the policy plans it, and as it came. */
export interface TimelineStep {
  /** From 0. */
  readonly index: number;
  /** Of the candidate, in thousandths of a percent. */
  readonly share: number;
  /** Of the calls of parallel runs, as share. */
  readonly sampling: number;
  readonly holdSeconds: number;
  readonly minimumUnits: number;
  readonly gates: readonly TimelineGate[];
  readonly state: 'done' | 'skipped' | 'current' | 'ahead';
  /** Had every step before it lasted its hold and no longer. */
  readonly plannedAt: Date;
  /** When its share was asked for; null where it was not, or nobody remembers. */
  readonly enteredAt: Date | null;
  /** When it was left, or the attempt ended; null as above. */
  readonly leftAt: Date | null;
  /** Of steps ahead: not before then, as things stand; null of others, and where the attempt has ended. */
  readonly expectedAt: Date | null;
}

/** What else must be so before a step is left. */
export interface TimelineGate {
  readonly kind: PolicyGate['kind'];
  /** Null where only the next look knows. */
  readonly isOpen: boolean | null;
  /** For people: what it waits for, or has. */
  readonly sentence: string;
}

/** A step that an attempt went to. */
export interface StepEntry {
  readonly stepIndex: number;
  readonly at: Date;
}

type Timed = Pick<Rollout, 'policy' | 'ramp' | 'status' | 'startedAt' | 'finishedAt'>;

/** The steps of an attempt, in order. `entries` are the steps that it went to, oldest first, as far as is on record. */
export function stepTimeline(attempt: Timed, entries: readonly StepEntry[], now: Date): readonly TimelineStep[] {
  const { policy, ramp, startedAt } = attempt;
  const entered = enteredAt(attempt, entries);
  let planned = startedAt.getTime();
  let expected = now.getTime() + remainingMs(attempt, now);
  return policy.steps.map((step, index) => {
    const { share, holdSeconds, minimumUnits, gates } = step;
    const state = stateOf(attempt, index, entered);
    const isExpected = state === 'ahead' && attempt.status === 'running';
    const row: TimelineStep = {
      index,
      share,
      sampling: samplingAt(policy.steps, index),
      holdSeconds,
      minimumUnits,
      gates: gates.map((gate, at) =>
        gateOf(gate, at, { ramp, isCurrent: state === 'current', isPast: state === 'done' }),
      ),
      state,
      plannedAt: new Date(planned),
      enteredAt: entered.get(index) ?? null,
      leftAt: leftAt(attempt, index, entered),
      expectedAt: isExpected ? new Date(expected) : null,
    };
    planned += holdSeconds * 1_000;
    if (state === 'ahead') expected += holdSeconds * 1_000;
    return row;
  });
}

function enteredAt({ ramp, startedAt }: Timed, entries: readonly StepEntry[]): ReadonlyMap<number, Date> {
  const entered = new Map([[0, startedAt]]);
  for (const { stepIndex, at } of entries) if (!entered.has(stepIndex)) entered.set(stepIndex, at);
  // The ramp itself knows when it came to where it is; at 100 % that is when the bake began, too.
  if (!entered.has(ramp.stepIndex)) entered.set(ramp.stepIndex, new Date(ramp.askedAt));
  return entered;
}

function stateOf({ ramp, status }: Timed, index: number, entered: ReadonlyMap<number, Date>): TimelineStep['state'] {
  if (index > ramp.stepIndex) return 'ahead';
  if (index === ramp.stepIndex) return status === 'released' ? 'done' : 'current';
  return entered.has(index) ? 'done' : 'skipped';
}

function leftAt({ ramp, finishedAt }: Timed, index: number, entered: ReadonlyMap<number, Date>): Date | null {
  if (!entered.has(index)) return null;
  if (index >= ramp.stepIndex) return finishedAt;
  for (let next = index + 1; next <= ramp.stepIndex; next += 1) {
    const at = entered.get(next);
    if (at !== undefined) return at;
  }
  return null;
}

/** Of the hold of the step that it is at. While the share is on its way all of it is left, and a pause stops it. */
function remainingMs({ policy, ramp }: Timed, now: Date): number {
  const holdMs = (policy.steps[ramp.stepIndex]?.holdSeconds ?? 0) * 1_000;
  if (ramp.since === null) return holdMs;
  const until = ramp.paused === null ? now : new Date(ramp.paused.at);
  const watchedMs = until.getTime() - new Date(ramp.since).getTime() - (ramp.pausedMs ?? 0);
  return Math.max(0, holdMs - watchedMs);
}

interface GateMoment {
  readonly ramp: Timed['ramp'];
  readonly isCurrent: boolean;
  readonly isPast: boolean;
}

function gateOf(gate: PolicyGate, index: number, { ramp, isCurrent, isPast }: GateMoment): TimelineGate {
  const { kind } = gate;
  const isOpen = (isSo: boolean): boolean => isPast || (isCurrent && isSo);
  switch (gate.kind) {
    case 'approval': {
      const given = isCurrent ? `, ${ramp.approvals.length} given` : '';
      const people = gate.approvals === 1 ? '1 approval' : `${gate.approvals} approvals`;
      return { kind, isOpen: isOpen(ramp.approvals.length >= gate.approvals), sentence: `Asks for ${people}${given}.` };
    }
    case 'webhook': {
      const host = new URL(gate.url).host;
      return { kind, isOpen: isOpen(ramp.openGates.includes(index)), sentence: `Asks ${host}.` };
    }
    case 'analysis':
      return { kind, isOpen: isPast ? true : null, sentence: `Asks for ${gate.metrics.join(', ')} to be good.` };
    case 'certificate': {
      const of = gate.run === undefined ? 'every parallel run of the release' : gate.run;
      return { kind, isOpen: isPast ? true : null, sentence: `Asks for a certificate of ${of}.` };
    }
  }
}
