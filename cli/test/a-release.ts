import type { MetricView, ReleaseView, RolloutView } from '../src/release-view.js';

/** A metric that is good so far. */
export function aMetric(changes: Partial<MetricView> = {}): MetricView {
  return {
    metric: 'failures',
    subject: 'service/checkout',
    state: 'pass',
    dryRun: false,
    isComparable: true,
    sentence: 'Nothing bad was found.',
    evidence: 1.5,
    limit: 6,
    stable: { units: 12_034, bad: 41 },
    candidate: { units: 3_011, bad: 12 },
    ...changes,
  };
}

export function aRollout(changes: Partial<RolloutView> = {}): RolloutView {
  return {
    stepIndex: 1,
    steps: 3,
    share: 25_000,
    phase: 'watching',
    since: '2026-11-21T10:00:00.000Z',
    metrics: [aMetric()],
    startedAt: '2026-11-21T09:50:00.000Z',
    finishedAt: null,
    ...changes,
  };
}

/** A release that watches the second of three steps since 10:00. */
export function aRelease(changes: Partial<ReleaseView> = {}): ReleaseView {
  return {
    id: '01a1fdd4-2af9-7012-ae48-48785083e2d8',
    projectId: '01a1fdd3-8e9e-75dd-a59d-d922cf8dece5',
    environment: 'production',
    name: 'checkout v2',
    status: 'running',
    reason: { code: 'WATCHING', sentence: 'Step 2 is watched until then.', until: '2026-11-21T10:15:00.000Z' },
    policyKey: 'standard',
    policyVersion: 0,
    policy: {
      steps: [
        { share: 5_000, holdSeconds: 600 },
        { share: 25_000, holdSeconds: 900 },
        { share: 100_000, holdSeconds: 300 },
      ],
      bakeSeconds: 600,
      approvalsToStart: 0,
    },
    attempt: 1,
    createdAt: '2026-11-21T09:49:00.000Z',
    startedAt: '2026-11-21T09:50:00.000Z',
    finishedAt: null,
    supersededBy: null,
    confoundedBy: [],
    rollout: aRollout(),
    ...changes,
  };
}
