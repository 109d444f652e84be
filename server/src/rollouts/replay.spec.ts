import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { aPolicyDocument } from '../../test/builders/a-policy.js';
import { aFlagTarget } from '../../test/builders/a-rollout.js';
import type { MetricState } from '../analysis/index.js';
import { EvidenceReplay } from './evidence-replay.js';
import type { CountObservation, Observation } from './observation.js';
import { type RecordedVerdict, replayBundle, type VerdictBundle } from './replay.js';
import type { ReasonCode } from './rollout.js';

const subject = 'flag/new-cart';
const targets = [aFlagTarget()];
const policy = aPolicyDocument({
  metrics: [{ kind: 'failures', name: 'failures', count: 'units', margin: 0, require: 'noHarm', dryRun: false }],
});

type Bad = Pick<CountObservation, 'stableBad' | 'candidateBad'>;
const EVEN = { stableBad: 9, candidateBad: 1 };
const UNEVEN = { stableBad: 0, candidateBad: 30 };

const observed = (bad: Bad | undefined): Observation => ({
  counts:
    bad === undefined ? [] : [{ subject, metric: 'failures', stableUnits: 900, candidateUnits: 100, ...bad, phi: 1 }],
  means: [],
  shares: [],
  queries: [],
  ramp: { stepIndex: 0, share: 10_000, phase: 'watching', since: '2026-01-01T00:00:00.000Z', instances: 1 },
});

/** What a server records of an attempt that measures these; undefined: nothing at that tick. */
function aBundle(measured: readonly (Bad | undefined)[], end: Partial<VerdictBundle['rollout']>): VerdictBundle {
  const replay = new EvidenceReplay({ policy, targets }, {});
  const ticks: VerdictBundle['ticks'][number][] = [];
  const verdicts: RecordedVerdict[] = [];
  let before: MetricState | null = null;
  for (const [index, bad] of measured.entries()) {
    const at = new Date(Date.UTC(2026, 0, 1) + index * 10_000);
    const moment = { tick: index + 1, at: at.toISOString() };
    const { state, results } = replay.add({ tick: index + 1, at, body: observed(bad) });
    if (state !== before || bad !== undefined) ticks.push({ ...moment, body: observed(bad) });
    if (state !== before) verdicts.push({ ...moment, state, metrics: results });
    before = state;
  }
  return {
    schema: 'sluice.verdict-bundle/1',
    codeVersion: '1.0.0',
    release: {
      ...{ id: 'r', name: 'new-cart', project: 'shop', environment: 'production' },
      ...{ policyKey: 'judged', policyVersion: 1, contentHash: '' },
    },
    rollout: {
      ...{ id: 'a', attempt: 1, status: 'running', reason: because('WATCHING'), policy, targets, before: {} },
      ...{ verdict: before, keptTicks: ticks.length, ...end },
    },
    ticks,
    verdicts,
  };
}

/** As servers wrote them that told nothing of what they had recorded. */
function ofOldServer({ rollout, ...bundle }: VerdictBundle): VerdictBundle {
  const { verdict: _verdict, keptTicks: _keptTicks, ...old } = rollout;
  return { ...bundle, rollout: old };
}

function because(code: ReasonCode): VerdictBundle['rollout']['reason'] {
  return { code, sentence: 'So it was.' };
}

const without = <T>(all: readonly T[], index: number): readonly T[] => all.filter((_each, at) => at !== index);
const differences = (bundle: VerdictBundle): readonly string[] =>
  replayBundle(bundle, (text) => createHash('sha256').update(text).digest('hex')).differences;

const rolledBack = aBundle([undefined, EVEN, undefined, EVEN, EVEN, UNEVEN], {
  ...{ status: 'rolledBack', reason: because('EVIDENCE_BAD') },
});
const released = aBundle([undefined, EVEN, undefined, EVEN, EVEN], {
  ...{ status: 'released', reason: because('PROMOTED_ON_EVIDENCE') },
});
const SOUND: readonly (readonly [string, VerdictBundle])[] = [
  ['rolled back on evidence', rolledBack],
  ['released on evidence', released],
  ['still running', aBundle([undefined, EVEN, EVEN], {})],
  ['paused', aBundle([undefined, EVEN], { reason: because('PAUSED') })],
  ['aborted by hand', aBundle([undefined, EVEN], { status: 'aborted', reason: because('ABORTED_BY_HAND') })],
  [
    'released for want of evidence',
    aBundle([undefined], { status: 'released', reason: because('PROMOTED_WITHOUT_EVIDENCE') }),
  ],
];
const UNSEEN: readonly (readonly [string, VerdictBundle])[] = [
  ['just begun', aBundle([], { reason: because('REACHING') })],
  ['paused and resumed before anybody looked', aBundle([], { reason: because('WATCHING') })],
  ['aborted before anybody looked', aBundle([], { status: 'aborted', reason: because('ABORTED_BY_HAND') })],
  ['rolled back before anybody looked', aBundle([], { status: 'rolledBack', reason: because('ROLLED_BACK_BY_HAND') })],
  ['superseded before anybody looked', aBundle([], { status: 'superseded', reason: because('SUPERSEDED') })],
];

describe('A bundle judged again', () => {
  it('has verdicts of several kinds to lose', () => {
    expect(rolledBack.verdicts.map(({ state }) => state)).toEqual(['pending', 'pass', 'fail']);
    expect(rolledBack.ticks.map(({ tick }) => tick)).toEqual([1, 2, 4, 5, 6]);
  });

  describe.each([...SOUND, ...UNSEEN])('of an attempt that is %s', (_name, bundle) => {
    it('is the same when nothing of it was touched, also as an older server wrote it', () => {
      expect(differences(bundle)).toEqual([]);
      expect(differences(ofOldServer(bundle))).toEqual([]);
    });
  });

  describe.each(SOUND)('of an attempt that is %s', (_name, bundle) => {
    it('differs without any one of its verdicts, also as an older server wrote it', () => {
      for (const [index, { tick }] of bundle.verdicts.entries()) {
        const lost = { ...bundle, verdicts: without(bundle.verdicts, index) };
        const said = expect.stringMatching(new RegExp(`^Tick ${tick}: judged \\w+, no verdict is recorded`, 'u'));
        expect(differences(lost)).toContainEqual(said);
        expect(differences(ofOldServer(lost))).toContainEqual(said);
      }
    });

    it('differs without any one of its ticks, with its verdict or alone', () => {
      for (const [index, { tick }] of bundle.ticks.entries()) {
        const lost = { ...bundle, ticks: without(bundle.ticks, index) };
        const verdicts = bundle.verdicts.filter((verdict) => verdict.tick !== tick);
        const said = `The attempt kept ${bundle.ticks.length} ticks, and ${bundle.ticks.length - 1} are here.`;
        expect(differences(lost)).toContainEqual(expect.stringContaining(said));
        expect(differences({ ...lost, verdicts })).toContainEqual(expect.stringContaining(said));
      }
    });

    it('differs without its verdicts, without its ticks and without both', () => {
      for (const lost of [{ verdicts: [] }, { ticks: [] }, { ticks: [], verdicts: [] }]) {
        expect(differences({ ...bundle, ...lost })).not.toEqual([]);
      }
    });

    it('differs with a second verdict of one tick', () => {
      const twice = { ...bundle, verdicts: bundle.verdicts.flatMap((verdict) => [verdict, verdict]) };
      expect(differences(twice)).toContain('A tick has more than one verdict.');
    });
  });

  it.each([
    ['rolled back on evidence', rolledBack],
    ['released on evidence', released],
    ['released by hand', aBundle([undefined], { status: 'released', reason: because('PROMOTED_WITHOUT_EVIDENCE') })],
  ])('of an older server differs when it is empty and the attempt was %s', (_name, bundle) => {
    expect(differences({ ...ofOldServer(bundle), ticks: [], verdicts: [] })).not.toEqual([]);
  });

  it('of an older server differs without the tick that it ended by, and that one’s verdict', () => {
    const lost = {
      ...ofOldServer(rolledBack),
      ticks: rolledBack.ticks.slice(0, -1),
      verdicts: rolledBack.verdicts.slice(0, -1),
    };
    expect(differences(lost)).toEqual(['It was rolled back on bad evidence, and the last verdict recorded is pass.']);
    const unproved = {
      ...ofOldServer(released),
      ticks: released.ticks.slice(0, 1),
      verdicts: released.verdicts.slice(0, 1),
    };
    expect(differences(unproved)).toEqual(['It went on because of good evidence, and nothing good is recorded.']);
  });

  it('says of measurements that are no longer kept how long they are', () => {
    expect(differences({ ...released, ticks: [] })).toContainEqual(expect.stringMatching(/kept for 90 days/u));
  });

  it('differs when a verdict was changed', () => {
    const [first, ...others] = rolledBack.verdicts.toReversed();
    if (first === undefined) throw new Error('It has verdicts.');
    const changed = { ...rolledBack, verdicts: [...others.toReversed(), { ...first, state: 'pass' }] };
    expect(differences(changed)).toContainEqual('Tick 6: judged fail, recorded pass.');
    const stripped = { ...rolledBack, verdicts: [...others.toReversed(), { ...first, metrics: [] }] };
    expect(differences(stripped)).toContainEqual(`Tick 6, failures of ${subject}: judged fail, not recorded.`);
  });
});
