import { type Ability, both, may, type May } from './may.js';

/** What people do to a release, as its abilities name it. */
export type ReleaseAct = 'approve' | 'start' | 'pause' | 'resume' | 'advance' | 'promote' | 'abort' | 'rollBack';

/** The permission that each needs. */
const PERMISSIONS: Readonly<Record<ReleaseAct, string>> = {
  approve: 'release.approve',
  start: 'release.write',
  pause: 'release.stop',
  resume: 'release.write',
  advance: 'release.write',
  promote: 'release.write',
  abort: 'release.stop',
  rollBack: 'release.stop',
};

/** Whether a viewer may do something to a release as it stands; that the viewer may not at all is said first. */
export function mayAct(act: ReleaseAct, viewer: readonly Ability[], release: readonly Ability[]): May {
  return both(may(PERMISSIONS[act], viewer), may(act, release));
}

/** What is offered, in order: going on after a pause in the place of the pause. */
export function offeredActs(release: readonly Ability[]): readonly ReleaseAct[] {
  const isPaused = release.some(({ action, isAllowed }) => action === 'resume' && isAllowed);
  return ['approve', 'start', 'advance', 'promote', isPaused ? 'resume' : 'pause', 'rollBack', 'abort'];
}
