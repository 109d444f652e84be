import type { ReplayReport } from '@sluice/server/replay';
import { type Claim, shareClaim } from './judge.js';
import type { Visit } from './load.js';
import { droppedUsers, observe } from './observe.js';
import type { Release, Shift } from './release.js';

const FULL_SHARE = 100_000;
/** Our promise is 3 s with ticks of 1 s, on a machine that is not busy with visitors. */
const ROLLBACK_LIMIT_MS = 10_000;

const hasVersion =
  (version: string) =>
  (visit: Visit): boolean =>
    visit.version === version;

export function endingClaim({ status, reason }: Release, expected: { status: string; code: string }): Claim {
  return {
    sentence: `it ended as ${status}, ${reason.code}`,
    isTrue: status === expected.status && reason.code === expected.code,
  };
}

/** Every share of a policy was given in its order, and users got it. */
export function shiftClaims(
  shifts: readonly Shift[],
  visits: readonly Visit[],
  { version, shares }: { readonly version: string; readonly shares: readonly number[] },
): readonly Claim[] {
  const ramped = shifts.filter(({ share }, index) => share > 0 && share !== shifts[index - 1]?.share);
  const order = ramped.map(({ share }) => percent(share)).join(', ');
  const claims = ramped.map(({ share, revision: from }, index) => {
    const to = (ramped[index + 1]?.revision ?? Infinity) - 1;
    const observation = observe(visits, { from, to, sinceMs: 0, isNew: hasVersion(version) });
    return shareClaim((100 * share) / FULL_SHARE, observation, version);
  });
  return [
    { sentence: `its shares were ${order}`, isTrue: ramped.map(({ share }) => share).join() === shares.join() },
    ...claims,
  ];
}

/** Raising a share dropped nobody, on no instance, at no moment. */
export function keptClaim(visits: readonly Visit[], version: string): Claim {
  const dropped = droppedUsers(visits, hasVersion(version)).size;
  return { sentence: `nobody who had ${version} lost it while it ramped (${dropped} did)`, isTrue: dropped === 0 };
}

/** From a revision on everybody has a version. */
export function settledClaim(visits: readonly Visit[], { version, from }: { version: string; from: number }): Claim {
  const { newUsers, allUsers, tornUsers } = observe(visits, { from, sinceMs: 0, isNew: hasVersion(version) });
  return {
    sentence: `in the end ${newUsers.size} of ${allUsers.size} users have ${version}, and it alone`,
    isTrue: newUsers.size === allUsers.size && tornUsers.size === 0,
  };
}

/** From the first user who met the bad version's failure until no instance sends anybody there. */
export function breachClaims(
  visits: readonly Visit[],
  { version, restoredAt }: { readonly version: string; readonly restoredAt: number },
): readonly Claim[] {
  const failed = visits.filter(({ isOk }) => !isOk);
  const sinceMs = failed[0]?.atMs ?? NaN;
  const { reachMs } = observe(visits, { from: restoredAt, sinceMs, isNew: hasVersion(version) });
  const slowestMs = Math.max(...reachMs.values());
  const innocent = failed.filter((visit) => visit.version !== version).length;
  const users = new Set(failed.map(({ user }) => user)).size;
  return [
    {
      sentence: `${(slowestMs / 1_000).toFixed(1)} s after its first failure no instance sends anybody to ${version}`,
      isTrue: reachMs.size > 0 && slowestMs <= ROLLBACK_LIMIT_MS,
    },
    {
      sentence: `only ${version} failed: ${failed.length} requests of ${users} users (${innocent} others did)`,
      isTrue: failed.length > 0 && innocent === 0,
    },
  ];
}

export function noFailureClaim(visits: readonly Visit[]): Claim {
  const failures = visits.filter(({ isOk }) => !isOk).length;
  return { sentence: `none of ${visits.length} requests failed (${failures} did)`, isTrue: failures === 0 };
}

export function rejectionClaim(answer: { readonly status: number; readonly code: string }): Claim {
  return {
    sentence: `asking for the same build again is answered ${answer.status} ${answer.code}`,
    isTrue: answer.status === 409 && answer.code === 'DIGEST_REJECTED',
  };
}

export function replayClaim({ isSame, ticks, verdicts, differences }: ReplayReport): Claim {
  const found = isSame ? 'comes to the same' : differences.join(' ');
  return {
    sentence: `judging it again from its bundle (${ticks} ticks, ${verdicts} verdicts) ${found}`,
    isTrue: isSame && verdicts > 0,
  };
}

/** While it could not ask, a release was looked at again and again, and stood where it was. */
export function heldClaims(before: Release, after: Release, ticks: number): readonly Claim[] {
  const share = after.rollout?.share ?? NaN;
  return [
    {
      sentence: `it holds: ${after.status}, ${after.reason.code}`,
      isTrue: after.status === 'holding' && after.reason.code === 'COULD_NOT_ASK',
    },
    {
      sentence: `through ${ticks} ticks it neither advanced nor rolled back: still ${percent(share)}`,
      isTrue: ticks >= TICKS_HELD && share > 0 && share === before.rollout?.share,
    },
  ];
}

/** How many ticks a release must stand still for, so that it is no chance. */
export const TICKS_HELD = 6;

/** What users got at one revision of a release of three changes, and at the next one, which took it back. */
export function togetherClaims(
  visits: readonly Visit[],
  { released, restored, version }: { readonly released: number; readonly restored: number; readonly version: string },
  stable: string,
): readonly Claim[] {
  const during = visits.filter(({ revision }) => revision === released);
  const after = visits.filter(({ revision }) => revision >= restored);
  const isOld = ({ design, hasGiftNote, version: served }: Visit): boolean =>
    design === 'old' && !hasGiftNote && served === stable;
  const at = { from: released, to: released, sinceMs: 0 };
  return [
    { sentence: 'the edit is for everybody at once', isTrue: during.length > 0 && during.every((v) => v.hasGiftNote) },
    shareClaim(10, observe(visits, { ...at, isNew: ({ design }) => design === 'new' }), 'the new cart'),
    shareClaim(10, observe(visits, { ...at, isNew: hasVersion(version) }), version),
    {
      sentence: `all three went back in one revision (${released} → ${restored})`,
      isTrue: restored === released + 1 && after.length > 0 && after.every(isOld),
    },
  ];
}

export function sameClaim(before: unknown, after: unknown, what: string): Claim {
  return { sentence: `${what} are exactly as before`, isTrue: JSON.stringify(before) === JSON.stringify(after) };
}

function percent(share: number): string {
  return `${(100 * share) / FULL_SHARE} %`;
}
