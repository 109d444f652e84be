import type { Release } from '../../src/releases/release.js';
import { NO_EVIDENCE } from '../../src/rollouts/evidence.js';
import type { FlagTarget, ServiceTarget } from '../../src/rollouts/ramp-target.js';
import type { Ramp, Rollout } from '../../src/rollouts/rollout.js';
import { idNumber } from '../fakes/sequential-ids.js';
import { aPolicyDocument } from './a-policy.js';
import { aDigest } from './a-service.js';
import { someContent } from './settings.js';

const START = '2026-01-01T00:00:00.000Z';

/** aFlag, which is off, on its way from "off" to "on", unless said. */
export function aFlagTarget(overrides: Partial<FlagTarget> = {}): FlagTarget {
  const before = someContent({ on: false });
  return {
    kind: 'flag',
    flagId: idNumber(10),
    flag: 'new-cart',
    before,
    base: before,
    ramp: { kind: 'ramp', stable: 'off', candidate: 'on' },
    ...overrides,
  };
}

/** aService on its way from v1 to v2, unless said. */
export function aServiceTarget(overrides: Partial<ServiceTarget> = {}): ServiceTarget {
  return {
    kind: 'service',
    service: 'checkout',
    before: { stable: { version: 'v1', digest: aDigest() }, candidate: null },
    candidate: { version: 'v2', digest: aDigest('b') },
    ...overrides,
  };
}

/** A ramp that has been watched at its first step, of 10 %, from the start, unless said. */
export function aRamp(overrides: Partial<Ramp> = {}): Ramp {
  return {
    stepIndex: 0,
    share: 10_000,
    phase: 'watching',
    revision: 7,
    askedAt: START,
    since: START,
    unitsBefore: 0,
    instances: 1,
    tick: 0,
    paused: null,
    outageSince: null,
    isPaged: false,
    traffic: [],
    approvals: [],
    openGates: [],
    reason: { code: 'WATCHING', sentence: 'The share has reached every SDK instance.' },
    ...overrides,
  };
}

/** The first attempt of aRelease, of aFlag alone, unless said. */
export function aRollout(overrides: Partial<Rollout> = {}): Rollout {
  return {
    id: idNumber(51),
    releaseId: idNumber(50),
    projectId: idNumber(1),
    environmentId: idNumber(2),
    attempt: 1,
    status: 'running',
    policy: aPolicyDocument(),
    targets: [aFlagTarget()],
    ramp: aRamp(),
    evidence: NO_EVIDENCE,
    nextTickAt: new Date(START),
    startedAt: new Date(START),
    finishedAt: null,
    version: 1,
    ...overrides,
  };
}

/** A release that ramps aFlag and whose first attempt runs, unless said. */
export function aRelease(overrides: Partial<Release> = {}): Release {
  return {
    id: idNumber(50),
    projectId: idNumber(1),
    environmentId: idNumber(2),
    name: 'new-cart',
    description: '',
    status: 'running',
    reason: { code: 'STARTED', sentence: 'Attempt 1 was started by a test.' },
    changes: [{ kind: 'flag', flag: 'new-cart', edit: {}, ramp: { variation: 'on' } }],
    policyKey: 'standard',
    policyVersion: 0,
    policy: aPolicyDocument(),
    contentHash: 'a'.repeat(64),
    naturalKey: null,
    createdBy: 'token-1',
    attempt: 1,
    scheduledAt: null,
    createdAt: new Date(START),
    startedAt: new Date(START),
    finishedAt: null,
    supersededBy: null,
    confoundedBy: [],
    version: 1,
    ...overrides,
  };
}
