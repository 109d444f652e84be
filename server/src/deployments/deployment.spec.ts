import { describe, expect, it } from '@jest/globals';
import { aDeployment, aDigest } from '../../test/builders/a-service.js';
import { type SluiceError } from '../kernel/errors.js';
import {
  artifactDiffers,
  type Deployment,
  type DeploymentState,
  eventTypeOf,
  isRepeated,
  parseDeploymentDraft,
} from './deployment.js';

const draft = { service: 'returns', environment: 'production', version: 'v456', digest: aDigest() };
const problemsWith = (body: unknown): readonly string[] => {
  try {
    parseDeploymentDraft(body);
    return [];
  } catch (error) {
    return (error as SluiceError).problems.map(({ code, pointer }) => `${code} ${pointer}`);
  }
};

describe('a report', () => {
  it('is of an installation unless said', () => {
    expect(parseDeploymentDraft(draft)).toEqual({ ...draft, state: 'installed' });
  });

  it.each(['1', '2026.10.15-3', 'v1.2.3+build.7', '1.0.0-rc.1', 'main@4f2c', 'feature/x:12', 'Ä1', 'x'.repeat(128)])(
    'takes the version %s',
    (version) => expect(problemsWith({ ...draft, version })).toEqual([]),
  );

  it.each<[string, object, readonly string[]]>([
    ['no digest', { digest: undefined }, ['SHAPE /digest']],
    ['a digest of another kind', { digest: `md5:${'a'.repeat(32)}` }, ['SHAPE /digest']],
    ['a digest in capitals', { digest: `sha256:${'A'.repeat(64)}` }, ['SHAPE /digest']],
    ['a digest with more after it', { digest: `${aDigest()}\n` }, ['SHAPE /digest']],
    ['a version with a space', { version: 'v 1' }, ['SHAPE /version']],
    ['a version of 129 characters', { version: 'x'.repeat(129) }, ['SHAPE /version']],
    ['an empty version', { version: '' }, ['SHAPE /version']],
    ['a service in capitals', { service: 'Returns' }, ['SHAPE /service']],
    ['a state nobody knows', { state: 'running' }, ['SHAPE /state']],
    ['a url that would run', { url: 'javascript:alert(1)' }, ['SHAPE /url']],
    ['a url of 2 001 characters', { url: `https://ci.test/${'x'.repeat(1_985)}` }, ['SHAPE /url']],
    ['a field nobody knows', { tag: 'x' }, ['UNKNOWN_FIELD /tag']],
    ['everything at once', { digest: 1, version: 2, x: 3 }, ['UNKNOWN_FIELD /x', 'SHAPE /version', 'SHAPE /digest']],
  ])('is refused with %s', (_name, fields, problems) => {
    expect(problemsWith({ ...draft, ...fields })).toEqual(problems);
  });
});

it.each<[string, Deployment | null, boolean]>([
  ['nothing before', null, false],
  ['the same before', aDeployment(), true],
  ['a removal before', aDeployment({ state: 'removed' }), false],
  ['another build before', aDeployment({ digest: aDigest('b') }), false],
])('with %s, a report is a repetition: see', (_name, newest, expected) => {
  expect(isRepeated(newest, { digest: aDigest(), state: 'installed' })).toBe(expected);
});

it.each<[DeploymentState, boolean, string | undefined]>([
  ['installed', false, 'dev.cdevents.service.deployed.0.2.0'],
  ['installed', true, 'dev.cdevents.service.upgraded.0.2.0'],
  ['removed', false, 'dev.cdevents.service.removed.0.2.0'],
  ['removed', true, undefined],
])('%s, with others there: %s, is to others %s', (state, hasOthers, type) => {
  expect(eventTypeOf(state, hasOthers)).toBe(type);
});

it('names both digests, and where the first one was reported', () => {
  const reported = { version: 'v1', digest: aDigest('b') };
  const error = artifactDiffers('returns', reported, { digest: aDigest('a'), environment: 'staging' });
  expect(error).toMatchObject({
    kind: 'conflict',
    code: 'ARTIFACT_DIFFERS',
    data: { version: 'v1', knownDigest: aDigest('a'), reportedDigest: aDigest('b'), firstReportedIn: 'staging' },
  });
  for (const part of ['returns', 'staging', aDigest('a'), aDigest('b')]) expect(error.message).toContain(part);
});
