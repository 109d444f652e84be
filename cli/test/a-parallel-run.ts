import type { AssessmentView, CandidateView, PlacedRunView, SignatureView } from '../src/parallel-run-view.js';

/** A candidate that had 812 equal inputs, where some thousands are needed. */
export function anAssessment(changes: Partial<AssessmentView> = {}): AssessmentView {
  return {
    finding: 'undecided',
    sentence: '0 of 812 inputs came out unequal: not enough to certify. 3700 more, all equal, would do.',
    lacks: ['0 of 812 inputs came out unequal: not enough to certify. 3700 more, all equal, would do.'],
    equivalence: {
      n: 812,
      x: 0,
      tolerance: 0.001,
      logCertificate: 0.6,
      certificateLimit: 3,
      logRefutation: -0.8,
      refutationLimit: 6,
      interval: [0, 0.0047],
    },
    unanswered: { calls: 900, unanswered: 3, tolerance: 0.01, state: 'pending' },
    latency: { n: 880, ratio: 1.021, upper: 1.087, limit: 1.1, state: 'pass' },
    noise: { n: 16, b: 2, c: 1, excess: 0.0625, p: 0.5 },
    coverage: { shapes: 12, unseen: 0.003 },
    strata: [],
    ...changes,
  };
}

/** Fifty prices that are rounded otherwise, one of which the control shows against itself. */
export function aSignature(changes: Partial<SignatureView> = {}): SignatureView {
  return {
    candidate: 'candidate',
    id: '00000000000000a1',
    places: [{ path: '$.items[*].price', kind: 'value', transition: 'rounding' }],
    isCut: false,
    n: 50,
    twins: 1,
    excess: 12.34567,
    strata: [
      { stratum: 'JPY', n: 40 },
      { stratum: '', n: 10 },
    ],
    maxDelta: { absolute: 0.01, relative: 0.001, ulps: 1_000 },
    samples: [
      {
        at: '2026-11-21T09:59:00.000Z',
        stratum: 'JPY',
        traceId: '0af7651916cd43dd',
        values: [
          { path: '$.items[0].price', control: { digest: '00112233445566aa' }, candidate: { raw: '12.5' } },
          { path: '$.total', control: { raw: '"a\u001b[2J"' }, candidate: { absent: true } },
        ],
      },
      { at: '2026-11-21T09:58:00.000Z', stratum: '', traceId: '', values: [] },
    ],
    firstVersion: 'v8',
    lastAt: '2026-11-21T09:57:00.000Z',
    ...changes,
  };
}

export function aCandidate(changes: Partial<CandidateView> = {}): CandidateView {
  return {
    total: {
      candidate: 'candidate',
      controlVersion: 'v7',
      candidateVersion: 'v8',
      sums: {
        verdicts: { match: 890, mismatch: 0, ignored: 7, timeout: 3 },
        overhead: { n: 900, addedMs: 90, maxAddedMs: 0.8123, maxLoopDelayMs: 2 },
        unsigned: 0,
      },
    },
    assessment: anAssessment(),
    certificate: null,
    signatures: [],
    ...changes,
  };
}

/** A run at 5 % of the calls in production, with the settings that every run begins with. */
export function aPlacedRun(changes: Partial<PlacedRunView> = {}): PlacedRunView {
  return {
    run: 'price-v2',
    environment: 'production',
    share: 5_000,
    demand: {
      tolerance: 0.001,
      alpha: 0.05,
      alphaKill: 0.01,
      unansweredTolerance: 0.01,
      latencyMargin: 0.1,
      strata: [],
    },
    runner: {
      bucketBy: null,
      twinShare: 2_000,
      deadlineMs: 5_000,
      maxConcurrent: 10,
      budget: { addedMs: 1, loopDelayMs: 50 },
      windowSeconds: 3_600,
      serve: null,
      rawPaths: [],
    },
    rules: [],
    epoch: 2,
    version: 3,
    candidates: [aCandidate()],
    ...changes,
  };
}
