import { precondition, type SluiceError } from '../kernel/errors.js';

/** How a release stands. */
export const RELEASE_STATUSES = [
  'draft',
  'scheduled',
  'queued',
  'running',
  'holding',
  'released',
  'rolledBack',
  'aborted',
  'superseded',
] as const;
export type ReleaseStatus = (typeof RELEASE_STATUSES)[number];

type Transitions<State extends string> = Readonly<Record<State, readonly State[]>>;

/** What may follow what. A new attempt begins where an old one ended badly. */
const RELEASE_TRANSITIONS: Transitions<ReleaseStatus> = {
  draft: ['scheduled', 'queued', 'running', 'aborted', 'superseded'],
  scheduled: ['draft', 'queued', 'running', 'aborted', 'superseded'],
  queued: ['running', 'aborted', 'superseded'],
  running: ['holding', 'released', 'rolledBack', 'aborted', 'superseded'],
  holding: ['running', 'released', 'rolledBack', 'aborted', 'superseded'],
  released: [],
  rolledBack: ['queued', 'running'],
  aborted: ['queued', 'running'],
  superseded: [],
};

/** What is wrong with a machine: states it names and does not have, and states that nothing leads to. */
export function machineProblems<State extends string>(
  transitions: Transitions<State>,
  start: State,
): readonly string[] {
  const reached = new Set<string>([start]);
  for (const state of reached) {
    // A state that is not there leads nowhere, and is complained about below.
    for (const next of transitions[state as State] ?? []) reached.add(next);
  }
  const unknown = [...reached].filter((state) => !(state in transitions));
  const unreachable = Object.keys(transitions).filter((state) => !reached.has(state));
  return [
    ...unknown.map((state) => `"${state}" is led to, but is no state.`),
    ...unreachable.map((state) => `"${state}" cannot be reached from "${start}".`),
  ];
}

/** Throws when the machine of releases cannot be what was meant: then the server must not start. */
export function requireSoundMachine(): void {
  const problems = machineProblems(RELEASE_TRANSITIONS, 'draft');
  if (problems.length > 0) throw new Error(`The states of releases are wrong: ${problems.join(' ')}`);
}

/** For people: how a release stands, and what can be done then. */
const STANDING: Readonly<Record<ReleaseStatus, string>> = {
  draft: 'a draft. Start it first',
  scheduled: 'scheduled. Start it now, or wait until it starts by itself',
  queued: 'queued. It starts by itself when those before it have ended',
  running: 'running. Pause, promote, abort or roll it back',
  holding: 'held. Resume, promote, abort or roll it back',
  released: 'released. To take it back, release what was before it',
  rolledBack: 'rolled back. Starting it begins a new attempt',
  aborted: 'aborted. Starting it begins a new attempt',
  superseded: 'superseded by a newer one. Make a new one',
};

/** What refuses to do something to a release that it does not stand for: a sentence says how it stands. */
export function standsOtherwise(status: ReleaseStatus): SluiceError {
  return precondition('RELEASE_STATUS', `The release is ${STANDING[status]}.`);
}

/** Lets a release go from one state to another; throws `precondition` when it may not. */
export function requireTransition(from: ReleaseStatus, to: ReleaseStatus): void {
  if (!canBecome(from, to)) throw standsOtherwise(from);
}

/** Whether a release that stands one way may come to stand another. */
export function canBecome(from: ReleaseStatus, to: ReleaseStatus): boolean {
  return RELEASE_TRANSITIONS[from].includes(to);
}

/** Whether an attempt of it runs. */
export function isUnderWay(status: ReleaseStatus): boolean {
  return status === 'running' || status === 'holding';
}

/** Whether nothing more happens to it by itself. */
export function isSettled(status: ReleaseStatus): boolean {
  return ['released', 'rolledBack', 'aborted', 'superseded'].includes(status);
}
