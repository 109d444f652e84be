import { precondition } from '../kernel/errors.js';

/** How a guardrail stands. `acknowledged` is broken, and somebody has seen it; `recovered` is good again of late. */
export const GUARDRAIL_STATES = ['unknown', 'holding', 'broken', 'acknowledged', 'recovered'] as const;
export type GuardrailState = (typeof GUARDRAIL_STATES)[number];

/** What one check came to. The last two say nothing about the system, and never break or mend a guardrail. */
export const CHECK_OUTCOMES = ['good', 'bad', 'noData', 'couldNotAsk'] as const;
export type CheckOutcome = (typeof CHECK_OUTCOMES)[number];

/** What may follow what. From anywhere a new statement leads back to `unknown`. */
export const GUARDRAIL_TRANSITIONS: Readonly<Record<GuardrailState, readonly GuardrailState[]>> = {
  unknown: ['holding', 'broken'],
  holding: ['broken'],
  broken: ['acknowledged', 'recovered'],
  acknowledged: ['recovered'],
  recovered: ['holding', 'broken'],
};

/** Checks in a row. Those that said nothing stand between two good or two bad ones without parting them. */
export interface CheckCounts {
  readonly good: number;
  readonly bad: number;
  readonly noData: number;
  readonly couldNotAsk: number;
}

export const NO_CHECKS: CheckCounts = { good: 0, bad: 0, noData: 0, couldNotAsk: 0 };

/** A person who has seen that a guardrail is broken. Plain JSON. */
export interface Acknowledgement {
  readonly actorId: string;
  readonly actorName: string;
  readonly comment: string;
  /** The rollouts it held may go on although it is broken. */
  readonly release: boolean;
  /** RFC 3339. */
  readonly at: string;
}

export interface Standing {
  readonly state: GuardrailState;
  readonly counts: CheckCounts;
  /** Set while acknowledged, and only then. */
  readonly acknowledgement: Acknowledgement | null;
}

export const UNKNOWN_STANDING: Standing = { state: 'unknown', counts: NO_CHECKS, acknowledgement: null };

/** How many checks in a row it takes, each at least 1. */
export interface CheckLimits {
  readonly failureLimit: number;
  readonly recoveryLimit: number;
}

/** What a check sets off: each at most once per breaking. */
export type GuardrailMove = 'broke' | 'recovered';

/**
 * How a guardrail stands after a check, and what that sets off. Only bad checks break it and only good ones mend it.
 * Once recovered it stays so for as many further good checks as it took, so that people see that it was broken.
 */
export function afterCheck(
  before: Standing,
  outcome: CheckOutcome,
  { failureLimit, recoveryLimit }: CheckLimits,
): { readonly after: Standing; readonly move: GuardrailMove | undefined } {
  const counts = countCheck(before.counts, outcome);
  const state = nextState(before.state, outcome, {
    isBroken: counts.bad >= failureLimit,
    isRecovered: counts.good >= recoveryLimit,
    isSettled: counts.good >= 2 * recoveryLimit,
  });
  const acknowledgement = state === 'acknowledged' ? before.acknowledgement : null;
  const move = state === before.state ? undefined : moveInto(state);
  return { after: { state, counts, acknowledgement }, move };
}

/** Notes who has seen it; again, to say something else. Throws `precondition` when it is not broken. */
export function acknowledge({ state, counts }: Standing, acknowledgement: Acknowledgement): Standing {
  const refusal = whyNotAcknowledge(state);
  if (refusal !== undefined) throw precondition('GUARDRAIL_NOT_BROKEN', refusal, { data: { state } });
  return { state: 'acknowledged', counts, acknowledgement };
}

/** Why there is nothing to acknowledge, for people; undefined: there is. */
export function whyNotAcknowledge(state: GuardrailState): string | undefined {
  return isBroken(state) ? undefined : `The guardrail is ${state}; there is nothing to acknowledge.`;
}

export function isBroken(state: GuardrailState): boolean {
  return state === 'broken' || state === 'acknowledged';
}

/** Whether what it covers must wait: until it has recovered, or whoever acknowledged it has let go. */
export function isInTheWay({ state, acknowledgement }: Pick<Standing, 'state' | 'acknowledgement'>): boolean {
  return isBroken(state) && acknowledgement?.release !== true;
}

function countCheck(before: CheckCounts, outcome: CheckOutcome): CheckCounts {
  switch (outcome) {
    case 'good':
      return { ...NO_CHECKS, good: before.good + 1 };
    case 'bad':
      return { ...NO_CHECKS, bad: before.bad + 1 };
    case 'noData':
      return { ...before, noData: before.noData + 1, couldNotAsk: 0 };
    case 'couldNotAsk':
      return { ...before, couldNotAsk: before.couldNotAsk + 1 };
  }
}

function nextState(
  state: GuardrailState,
  outcome: CheckOutcome,
  reached: { readonly isBroken: boolean; readonly isRecovered: boolean; readonly isSettled: boolean },
): GuardrailState {
  if (outcome !== 'good' && outcome !== 'bad') return state;
  switch (state) {
    case 'unknown':
      if (outcome === 'good') return 'holding';
      return reached.isBroken ? 'broken' : 'unknown';
    case 'holding':
      return reached.isBroken ? 'broken' : 'holding';
    case 'broken':
    case 'acknowledged':
      return reached.isRecovered ? 'recovered' : state;
    case 'recovered':
      if (reached.isBroken) return 'broken';
      return reached.isSettled ? 'holding' : 'recovered';
  }
}

function moveInto(state: GuardrailState): GuardrailMove | undefined {
  if (state === 'broken') return 'broke';
  return state === 'recovered' ? 'recovered' : undefined;
}
