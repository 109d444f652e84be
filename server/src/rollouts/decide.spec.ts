import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Decision, decide, type Situation } from './decide.js';
import type { MetricState } from '../analysis/index.js';
import type { MetricResult } from './metric-result.js';
import { aPolicyDocument } from '../../test/builders/a-policy.js';

const start = new Date('2026-01-05T10:00:00Z');
const after = (seconds: number) => new Date(start.getTime() + seconds * 1_000);
const policy = aPolicyDocument({
  steps: [
    { share: 1_000, holdSeconds: 600, minimumUnits: 100, gates: [] },
    { share: 50_000, holdSeconds: 600, minimumUnits: 100, gates: [{ kind: 'approval', approvals: 1 }] },
    { share: 100_000, holdSeconds: 60, minimumUnits: 0, gates: [] },
  ],
  bakeSeconds: 300,
  onDeadline: { afterSeconds: 3_600, action: 'hold' },
});
const ramp: Situation['ramp'] = {
  stepIndex: 0,
  share: 1_000,
  phase: 'watching',
  revision: 7,
  askedAt: start.toISOString(),
  since: start.toISOString(),
  unitsBefore: 0,
  instances: 2,
  tick: 3,
  paused: null,
  outageSince: null,
  isPaged: false,
  traffic: [],
  approvals: [],
  openGates: [],
  reason: { code: 'WATCHING', sentence: '' },
};
const approval = { actorId: 'ann', actorName: 'Ann', comment: '', at: start.toISOString() };
const paused = { by: 'ann', reason: 'lunch', at: start.toISOString() };
const result = (state: MetricState, overrides: Partial<MetricResult> = {}): MetricResult => ({
  metric: 'failures',
  subject: 'flag/new-cart',
  state,
  dryRun: false,
  isComparable: true,
  sentence: `It is ${state}.`,
  ...overrides,
});
const everywhere = { instances: 2, current: 2, laggards: [] };
const due = after(600);

function situation(
  overrides: Partial<Omit<Situation, 'ramp'>> & { ramp?: Partial<Situation['ramp']> } = {},
): Situation {
  return {
    policy,
    results: [result('pass')],
    candidateUnits: 1_000,
    reach: everywhere,
    trafficLacks: undefined,
    gone: undefined,
    certificates: [],
    brokenGuardrails: [],
    freeze: undefined,
    now: due,
    ...overrides,
    ramp: { ...ramp, ...overrides.ramp },
  };
}

const show = (decision: Decision): string =>
  decision.kind === 'advance'
    ? `advance to ${decision.stepIndex}: ${decision.reason.code}`
    : `${decision.kind}: ${decision.reason.code}`;

const frozen = { name: 'weekend', until: after(9_999) };
const withDeadline = (action: 'hold' | 'rollBack' | 'promote') => ({
  ...policy,
  onDeadline: { afterSeconds: 3_600, action },
});

const stuck = {
  ramp: { phase: 'reaching', since: null },
  reach: { instances: 2, current: 1, laggards: ['shop-2'] },
} satisfies Parameters<typeof situation>[0];

it.each(['hold', 'rollBack', 'promote'] as const)('names who is not reached in time: %s', (action) => {
  const { reason } = decide(situation({ ...stuck, policy: withDeadline(action), now: after(3_600) }));
  expect(reason.sentence).toContain('1 of 2 SDK instances serve the share; waiting for shop-2.');
});

it.each<[string, Parameters<typeof situation>[0], string]>([
  ['waits while the step is young', { now: after(599) }, 'wait: WATCHING'],
  ['advances when due and passing', {}, 'advance to 1: PROMOTED_ON_EVIDENCE'],
  [
    'rolls back at once on failure, however young the step',
    { now: start, results: [result('fail')] },
    'rollBack: EVIDENCE_BAD',
  ],
  ['rolls back on failure while paused', { results: [result('fail')], ramp: { paused } }, 'rollBack: EVIDENCE_BAD'],
  ['rolls back on failure while frozen', { results: [result('fail')], freeze: frozen }, 'rollBack: EVIDENCE_BAD'],
  [
    'rolls back on failure before the share has reached anybody else',
    { results: [result('fail')], ramp: { phase: 'reaching', since: null } },
    'rollBack: EVIDENCE_BAD',
  ],
  [
    'rolls back on failure while an approval is missing',
    { results: [result('fail')], ramp: { stepIndex: 1 } },
    'rollBack: EVIDENCE_BAD',
  ],
  ...(['watching', 'reaching', 'baking'] as const).map((phase): [string, Parameters<typeof situation>[0], string] => [
    `puts everything back while ${phase} when the candidate was taken away, paused and frozen or not`,
    { gone: 'v2 is gone.', freeze: frozen, ramp: { phase, stepIndex: 2, paused }, now: start },
    'rollBack: CANDIDATE_GONE',
  ]),
  ['finds bad what is bad, and gone', { gone: 'v2 is gone.', results: [result('fail')] }, 'rollBack: EVIDENCE_BAD'],
  [
    'rolls back on failure while baking',
    { results: [result('fail')], ramp: { phase: 'baking', stepIndex: 2 } },
    'rollBack: EVIDENCE_BAD',
  ],
  [
    'never acts on a dry-run metric',
    { results: [result('fail', { dryRun: true }), result('pass')] },
    'advance to 1: PROMOTED_ON_EVIDENCE',
  ],
  ['waits while paused', { ramp: { paused } }, 'wait: PAUSED'],
  ['counts no pause towards the hold', { now: after(600 + 899), ramp: { pausedMs: 900_000 } }, 'wait: WATCHING'],
  [
    'goes on when the hold is over without the pause',
    { now: after(600 + 900), ramp: { pausedMs: 900_000 } },
    'advance to 1: PROMOTED_ON_EVIDENCE',
  ],
  [
    'counts no pause towards the deadline',
    { policy: withDeadline('rollBack'), results: [result('pending')], now: after(3_600), ramp: { pausedMs: 1_000 } },
    'wait: NOT_KNOWN',
  ],
  [
    'counts no pause towards the bake',
    { now: after(300), ramp: { phase: 'baking', stepIndex: 2, pausedMs: 1_000 } },
    'wait: BAKING',
  ],
  ['holds for a broken guardrail', { brokenGuardrails: ['orders'] }, 'wait: GUARDRAIL_BROKEN'],
  ['raises no share in a freeze', { freeze: frozen }, 'wait: FROZEN'],
  ['holds on what is not known', { results: [result('pending')] }, 'wait: NOT_KNOWN'],
  ['holds on what could not be asked', { results: [result('error')] }, 'wait: COULD_NOT_ASK'],
  [
    'holds on what could not be asked beyond every deadline',
    { policy: withDeadline('rollBack'), results: [result('error')], now: after(9_999) },
    'wait: COULD_NOT_ASK',
  ],
  ['holds until the sample is there', { candidateUnits: 99 }, 'wait: SAMPLE_SMALL'],
  ['counts the sample of the step alone', { candidateUnits: 1_000, ramp: { unitsBefore: 901 } }, 'wait: SAMPLE_SMALL'],
  [
    'holds at the deadline when the policy says so',
    { results: [result('inconclusive')], now: after(3_600) },
    'wait: DEADLINE_PASSED',
  ],
  [
    'rolls back at the deadline when the policy says so',
    { policy: withDeadline('rollBack'), results: [result('inconclusive')], now: after(3_600) },
    'rollBack: DEADLINE_PASSED',
  ],
  [
    'goes on at the deadline when the policy says so, and says on what',
    { policy: withDeadline('promote'), candidateUnits: 0, now: after(3_600) },
    'advance to 1: PROMOTED_WITHOUT_EVIDENCE',
  ],
  [
    'does not wait for what cannot be compared',
    { results: [result('pending', { isComparable: false })] },
    'advance to 1: PROMOTED_WITHOUT_EVIDENCE',
  ],
  [
    'waits for a laggard',
    { ramp: { phase: 'reaching', since: null }, reach: { instances: 2, current: 1, laggards: ['shop-2'] } },
    'wait: REACHING',
  ],
  ...(['hold', 'rollBack', 'promote'] as const).map((action): [string, Parameters<typeof situation>[0], string] => [
    `waits for a laggard until the deadline, to ${action} then`,
    { ...stuck, policy: withDeadline(action), now: after(3_599) },
    'wait: REACHING',
  ]),
  ['asks people about a laggard at the deadline', { ...stuck, now: after(3_600) }, 'wait: DEADLINE_PASSED'],
  [
    'puts everything back for a laggard where the policy says so',
    { ...stuck, policy: withDeadline('rollBack'), now: after(3_600) },
    'rollBack: DEADLINE_PASSED',
  ],
  [
    'starts the clock without a laggard where the policy says so, and raises nothing',
    { ...stuck, policy: withDeadline('promote'), now: after(3_600) },
    'watch: WATCHING',
  ],
  [
    'never starts the clock without a router',
    { ...stuck, trafficLacks: 'edge has 10 %', policy: withDeadline('promote'), now: after(3_600) },
    'wait: DEADLINE_PASSED',
  ],
  [
    'counts no pause towards the deadline of a laggard',
    { ...stuck, ramp: { ...stuck.ramp, pausedMs: 1_000 }, policy: withDeadline('rollBack'), now: after(3_600) },
    'wait: REACHING',
  ],
  [
    'gives a killed instance the time to be missed, however short the deadline',
    { ...stuck, policy: { ...policy, onDeadline: { afterSeconds: 0, action: 'rollBack' } }, now: after(119) },
    'wait: REACHING',
  ],
  [
    'waits for other routers',
    { ramp: { phase: 'reaching', since: null }, trafficLacks: 'edge has 10 %' },
    'wait: REACHING',
  ],
  ['does not go on while a router has lost the share', { trafficLacks: 'edge has 0 %' }, 'wait: REACHING'],
  [
    'does not end while a router has lost the share',
    { ramp: { phase: 'baking', stepIndex: 2 }, now: after(300), trafficLacks: 'edge has 0 %' },
    'wait: REACHING',
  ],
  [
    'goes back whatever routers lack',
    { results: [result('fail')], trafficLacks: 'edge cannot be asked' },
    'rollBack: EVIDENCE_BAD',
  ],
  ['starts the clock when everybody is reached', { ramp: { phase: 'reaching', since: null } }, 'watch: WATCHING'],
  ['waits for an approval', { ramp: { stepIndex: 1 } }, 'wait: APPROVAL_MISSING'],
  ['goes on once approved', { ramp: { stepIndex: 1, approvals: [approval] } }, 'advance to 2: PROMOTED_ON_EVIDENCE'],
  ['bakes after the last step', { ramp: { stepIndex: 2, since: start.toISOString() } }, 'bake: BAKING'],
  [
    'is released without a bake where there is none',
    { policy: { ...policy, bakeSeconds: 0 }, ramp: { stepIndex: 2 } },
    'release: PROMOTED_ON_EVIDENCE',
  ],
  ['bakes in a freeze, for no share is raised by it', { freeze: frozen, ramp: { stepIndex: 2 } }, 'bake: BAKING'],
  [
    'does not end while it could not ask, however long the bake is over',
    {
      policy: withDeadline('rollBack'),
      results: [result('error')],
      ramp: { phase: 'baking', stepIndex: 2 },
      now: after(9_999),
    },
    'wait: COULD_NOT_ASK',
  ],
  [
    'does not end on what is not known',
    { results: [result('pending')], ramp: { phase: 'baking', stepIndex: 2 }, now: after(300) },
    'wait: NOT_KNOWN',
  ],
  [
    'ends at the deadline when the policy says so, and says on what',
    {
      policy: withDeadline('promote'),
      results: [result('pending')],
      ramp: { phase: 'baking', stepIndex: 2 },
      now: after(3_600),
    },
    'release: PROMOTED_WITHOUT_EVIDENCE',
  ],
  [
    'does not go on without a sample while it could not ask, whatever the policy says',
    { policy: withDeadline('promote'), candidateUnits: 0, results: [result('error')], now: after(9_999) },
    'wait: COULD_NOT_ASK',
  ],
  [
    'does not go back for want of a sample while it could not ask',
    { policy: withDeadline('rollBack'), candidateUnits: 0, results: [result('error')], now: after(9_999) },
    'wait: COULD_NOT_ASK',
  ],
  ['waits for the bake', { ramp: { phase: 'baking', stepIndex: 2 }, now: after(299) }, 'wait: BAKING'],
  [
    'is released after the bake',
    { ramp: { phase: 'baking', stepIndex: 2 }, now: after(300) },
    'release: PROMOTED_ON_EVIDENCE',
  ],
])('%s', (_name, overrides, expected) => expect(show(decide(situation(overrides)))).toBe(expected));

describe('a promotion', () => {
  const bake = { phase: 'baking', stepIndex: 2, share: 100_000 } as const;
  it.each<[string, Parameters<typeof situation>[0], string]>([
    [
      'says what it was compared by',
      { ramp: bake, now: after(300) },
      'release: All steps and the bake time are over. Nothing bad was found.',
    ],
    [
      'says that nothing was compared at 100 %, where the steps before have shown something',
      { ramp: bake, now: after(300), results: [result('pass', { isComparable: false })] },
      'release: All steps and the bake time are over. Nothing bad was found in the steps before; at 100 % nothing was',
    ],
    [
      'says that nothing was compared at all',
      { ramp: bake, now: after(300), results: [] },
      'release: All steps and the bake time are over. No metric is asked for here, so nothing was compared. Promoted on',
    ],
    [
      'at the deadline says with what power it knew nothing',
      { policy: withDeadline('promote'), results: [result('pending')], now: after(3_600) },
      'advance: Not known in time. It is pending. Promoted on lack of evidence (power 0 %',
    ],
  ])('%s', (_name, overrides, said) => {
    const { kind, reason } = decide(situation(overrides));
    expect(`${kind}: ${reason.sentence}`).toContain(said);
  });
});

describe('an analysis gate', () => {
  const gated = {
    ...policy,
    steps: [
      { share: 1_000, holdSeconds: 0, minimumUnits: 0, gates: [{ kind: 'analysis' as const, metrics: ['slow'] }] },
      ...policy.steps.slice(2),
    ],
  };
  it('asks its metrics only', () => {
    const results = [result('pending'), result('pass', { metric: 'slow' })];
    expect(show(decide(situation({ policy: gated, results })))).toBe('advance to 1: PROMOTED_ON_EVIDENCE');
  });
  it('does not excuse callers who are not split as was asked', () => {
    const results = [result('pass', { metric: 'slow' }), result('inconclusive', { metric: 'sample ratio' })];
    expect(show(decide(situation({ policy: gated, results })))).toBe('wait: NOT_KNOWN');
  });
  it('holds while one of them is not known', () => {
    const results = [result('pass'), result('inconclusive', { metric: 'slow' })];
    expect(show(decide(situation({ policy: gated, results })))).toBe('wait: NOT_KNOWN');
  });
});

describe('whatever the situation', () => {
  const states = fc.constantFrom<MetricState>('pass', 'pending', 'inconclusive', 'error', 'fail');
  const situations = fc.record({
    results: fc
      .array(fc.tuple(states, fc.boolean()), { maxLength: 4 })
      .map((all) => all.map(([state, dryRun]) => result(state, { dryRun }))),
    stepIndex: fc.nat({ max: 2 }),
    phase: fc.constantFrom<Situation['ramp']['phase']>('reaching', 'watching', 'baking'),
    isPaused: fc.boolean(),
    isFrozen: fc.boolean(),
    seconds: fc.nat({ max: 10_000 }),
    units: fc.nat({ max: 200 }),
    action: fc.constantFrom<'hold' | 'rollBack'>('hold', 'rollBack'),
  });
  const build = (each: typeof situations extends fc.Arbitrary<infer T> ? T : never): Situation =>
    situation({
      policy: withDeadline(each.action),
      results: each.results,
      candidateUnits: each.units,
      freeze: each.isFrozen ? frozen : undefined,
      now: after(each.seconds),
      ramp: {
        stepIndex: each.stepIndex,
        phase: each.phase,
        approvals: [approval],
        paused: each.isPaused ? paused : null,
      },
    });

  it('never goes on with a metric that is not known to be good, and rolls back for every bad one', () => {
    fc.assert(
      fc.property(situations, (each) => {
        const decision = decide(build(each));
        const acting = each.results.filter(({ dryRun }) => !dryRun).map(({ state }) => state);
        if (acting.includes('fail')) expect(decision.kind).toBe('rollBack');
        else if (acting.some((state) => state !== 'pass')) expect(decision.kind).not.toBe('advance');
      }),
    );
  });

  it('never rolls back only because it could not ask', () => {
    fc.assert(
      fc.property(situations, (each) => {
        const results = each.results.map(({ dryRun }) => result('error', { dryRun }));
        fc.pre(results.some(({ dryRun }) => !dryRun) && each.units >= 100);
        expect(decide(build({ ...each, results })).kind).not.toBe('rollBack');
      }),
    );
  });

  it('says why in whole sentences', () => {
    fc.assert(
      fc.property(situations, (each) => {
        const { sentence } = decide(build(each)).reason;
        expect(sentence).toMatch(/^[A-Z].*\.$/u);
        expect(sentence).not.toMatch(/undefined|NaN|\.\.|\.;|0 of 0/u);
      }),
    );
  });

  it('raises nothing while paused or frozen', () => {
    fc.assert(
      fc.property(situations, (each) => {
        fc.pre(each.isPaused || each.isFrozen);
        expect(decide(build(each)).kind).not.toBe('advance');
      }),
    );
  });
});

describe('a step that asks for a certificate', () => {
  const sentence = '0 of 12 inputs came out unequal: not enough to certify.';
  const asking = (run?: string) => ({
    ...policy,
    steps: policy.steps.map((step) => ({
      ...step,
      gates: [run === undefined ? { kind: 'certificate' as const } : { kind: 'certificate' as const, run }],
    })),
    onDeadline: { afterSeconds: 3_600, action: 'hold' as const },
  });
  const at = (certificates: Situation['certificates'], run?: string, now = due) =>
    decide(situation({ policy: asking(run), certificates, now }));

  it('waits for every run of the release, and says what is missing', () => {
    const certificates = [
      { run: 'price-v1', isCertified: true, sentence: '' },
      { run: 'price-v2', isCertified: false, sentence },
    ];
    expect(at(certificates).reason).toMatchObject({
      code: 'CERTIFICATE_MISSING',
      sentence: `Step 1 waits for a certificate of price-v2. ${sentence}`,
    });
    expect(show(at(certificates, 'price-v1'))).toMatch(/^advance/u);
  });

  it('goes on once it stands', () => {
    expect(show(at([{ run: 'price-v2', isCertified: true, sentence: '' }]))).toMatch(/^advance/u);
  });

  it('does not take a run that is not there for one that is certified', () => {
    expect(at([], 'price-v9').reason.code).toBe('CERTIFICATE_MISSING');
    expect(at([]).reason.code).toBe('CERTIFICATE_MISSING');
  });

  it('stops later steps, and the release, once it is voided', () => {
    const [first, ...later] = policy.steps;
    const gated = {
      ...policy,
      steps: [{ ...policy.steps[0], ...first, gates: [{ kind: 'certificate' as const }] }, ...later],
    };
    const missing = [{ run: 'price-v2', isCertified: false, sentence }];
    const next = decide(situation({ policy: gated as typeof policy, certificates: missing, ramp: { stepIndex: 1 } }));
    expect(show(next)).toBe('wait: CERTIFICATE_MISSING');
    const baking = { stepIndex: policy.steps.length - 1, phase: 'baking' as const };
    const last = decide(
      situation({ policy: gated as typeof policy, certificates: missing, ramp: baking, now: after(1_800) }),
    );
    expect(show(last)).toBe('wait: CERTIFICATE_MISSING');
  });

  it('calls people at the deadline, and is not passed without', () => {
    const missing = [{ run: 'price-v2', isCertified: false, sentence }];
    expect(at(missing, undefined, after(3_600)).reason.code).toBe('DEADLINE_PASSED');
    const promoting = { ...asking(), onDeadline: { afterSeconds: 60, action: 'promote' as const } };
    const decision = decide(situation({ policy: promoting, certificates: missing, now: after(3_600) }));
    expect(show(decision)).toBe('wait: CERTIFICATE_MISSING');
  });
});
