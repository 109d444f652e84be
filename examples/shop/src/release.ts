import { createHash } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';
import type { ControlPlane } from './control-plane.js';

/** What the demo reads of a release. */
export interface Release {
  readonly id: string;
  readonly status: string;
  readonly reason: { readonly code: string; readonly sentence: string };
  readonly rollout: { readonly stepIndex: number; readonly share: number; readonly revision: number } | null;
}

/** A share that was asked for, in thousandths of a percent, and the revision that carries it. */
export interface Shift {
  readonly share: number;
  readonly revision: number;
}

const PATIENCE_MS = 90_000;
const LOOK_EVERY_MS = 200;

/** CI's part: says what it has installed. */
export function reportDeployment(ci: ControlPlane, version: string): Promise<unknown> {
  const report = { service: 'checkout', environment: 'production', version, digest: digestOf(version) };
  return ci.post('/projects/shop/deployments', report);
}

/** That of a build is the hash of what was built. */
function digestOf(version: string): string {
  return `sha256:${createHash('sha256').update(`checkout ${version}`).digest('hex')}`;
}

/** What asks for a release of these changes, to begin at once. */
export function releaseOf(policy: string, ...changes: readonly object[]): object {
  return { project: 'shop', environment: 'production', policy, start: true, changes };
}

export function checkoutAt(version: string): object {
  return { kind: 'service', service: 'checkout', version, digest: digestOf(version) };
}

/** Looks at a release until it is as expected; answers it with each share that was seen on the way. Rejects after 90 s. */
export async function watch(
  ci: ControlPlane,
  id: string,
  isEnough: (release: Release) => boolean,
): Promise<{ readonly release: Release; readonly shifts: readonly Shift[] }> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  const shifts = new Map<number, Shift>();
  for (;;) {
    const release = await ci.get<Release>(`/releases/${id}`);
    const { rollout } = release;
    if (rollout !== null) shifts.set(rollout.revision, { share: rollout.share, revision: rollout.revision });
    if (isEnough(release)) return { release, shifts: [...shifts.values()] };
    if (performance.now() > deadlineMs) throw new Error(`Never came to be: ${JSON.stringify(release)}`);
    await later(LOOK_EVERY_MS);
  }
}

/** Whether nothing more happens to it by itself. */
export function isOver({ status }: Release): boolean {
  return ['released', 'rolledBack', 'aborted', 'superseded'].includes(status);
}
