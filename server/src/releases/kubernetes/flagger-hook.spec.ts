import { expect, it } from '@jest/globals';
import type { ReleaseStatus } from '../release-machine.js';
import { FLAGGER_HOOKS, isGo, isNews, namedIn, parseFlagger } from './flagger-hook.js';
import type { AnalysisVerdict, ReleaseAnalysis } from './release-analysis.js';

const analysis = (verdict: AnalysisVerdict, status: ReleaseStatus = 'running'): ReleaseAnalysis => ({
  ok: verdict === 'pass',
  verdict,
  reason: { code: 'WATCHING', sentence: 'It is watched.' },
  release: { id: 'an-id', name: 'checkout v2', status, attempt: 1, project: 'shop', environment: 'production' },
});
const allowed = (verdict: AnalysisVerdict, status?: ReleaseStatus): readonly string[] =>
  FLAGGER_HOOKS.filter((hook) => isNews(hook) || isGo(hook, analysis(verdict, status)));

const [begin, goOn, always] = [
  ['confirm-rollout', 'pre-rollout'],
  ['rollout', 'confirm-traffic-increase', 'confirm-promotion'],
  ['post-rollout', 'event'],
];

it.each<[string, readonly string[], readonly string[]]>([
  ['is good', allowed('pass'), [...begin, ...goOn, ...always]],
  ['is bad, which rolls back', allowed('fail'), ['post-rollout', 'rollback', 'event']],
  ['is not known', allowed('inconclusive'), [...begin, ...always]],
  ['cannot be asked about', allowed('error'), [...begin, ...always]],
  ['has not begun', allowed('inconclusive', 'queued'), always],
  ['was rolled back', allowed('fail', 'rolledBack'), ['post-rollout', 'rollback', 'event']],
  ['was replaced, which does not roll back', allowed('inconclusive', 'superseded'), always],
  ['is released', allowed('pass', 'released'), [...begin, ...goOn, ...always]],
])('answers go, for a release that %s, to these', (_what, hooks, expected) => expect(hooks).toEqual(expected));

const payload = { name: 'podinfo', namespace: 'test', phase: 'Progressing', checksum: '85d557f47b' };

it('reads what Flagger sends, also fields that it may add', () => {
  const metadata = { test: 'all', project: 'shop', environment: 'live', service: 'checkout', version: 'v2' };
  expect(namedIn(parseFlagger({ ...payload, metadata, later: 1 }))).toEqual({
    kind: 'version',
    project: 'shop',
    environment: 'live',
    service: 'checkout',
    version: 'v2',
  });
  const release = '00000000-0000-7000-8000-000000000001';
  expect(namedIn(parseFlagger({ ...payload, metadata: { release, project: 'shop' } }))).toEqual({
    kind: 'release',
    id: release,
  });
});

it('needs of what Flagger sends only what says which release it is about', () => {
  const release = '00000000-0000-7000-8000-000000000001';
  expect(namedIn(parseFlagger({ metadata: { release } }))).toEqual({ kind: 'release', id: release });
});

it.each([
  ['an empty body', {}],
  ['no metadata', payload],
  ['no version', { ...payload, metadata: { project: 'shop', environment: 'live', service: 'checkout' } }],
])('finds no release named in %s', (_what, body) => expect(namedIn(parseFlagger(body))).toBeUndefined());

it.each<[string, unknown]>([
  ['nothing', undefined],
  ['a list', []],
  ['a checksum that is no text', { ...payload, checksum: 7 }],
  ['metadata that is no text', { ...payload, metadata: { retries: 3 } }],
  ['a release that is no id', { ...payload, metadata: { release: '../x' } }],
])('refuses %s', (_what, body) => {
  expect(() => parseFlagger(body)).toThrow(expect.objectContaining({ kind: 'invalid', code: 'VALIDATION_FAILED' }));
});
