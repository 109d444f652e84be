import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { aDigest } from '../../test/builders/a-service.js';
import { SluiceError } from '../kernel/errors.js';
import { parseReleaseDraft, type ReleaseDraft } from './parse-release.js';

const now = new Date('2026-01-01T00:00:00.000Z');
const flag = { kind: 'flag', flag: 'new-cart', ramp: { variation: 'on' } };
const service = { kind: 'service', service: 'checkout', version: 'v2' };
const body = { project: 'shop', environment: 'production', changes: [flag] };
const hash = (content: unknown): string => createHash('sha256').update(JSON.stringify(content)).digest('hex');
const parse = (overrides: object = {}): ReleaseDraft => parseReleaseDraft({ ...body, ...overrides }, { now, hash });

/** The pointers and codes of all problems. */
function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof SluiceError) return error.problems.map(({ pointer, code }) => `${pointer} ${code}`);
    throw error;
  }
  return [];
}

describe('what asks for a release', () => {
  it('is little, with defaults for the rest', () => {
    expect(parse()).toEqual({
      project: 'shop',
      environment: 'production',
      name: 'new-cart',
      description: '',
      changes: [{ kind: 'flag', flag: 'new-cart', edit: {}, ramp: { variation: 'on' } }],
      policy: 'standard',
      arguments: {},
      start: false,
      scheduledAt: null,
      overrideRejection: null,
    });
  });

  it('gives rules ids: others to each, and the same when it is asked again', () => {
    const rule = { clauses: [], serve: { variation: 'on' } };
    const changes = ['cart', 'banner'].map((key) => ({ kind: 'flag', flag: key, edit: { rules: [rule, rule] } }));
    const idsOf = ({ changes: read }: ReleaseDraft) =>
      read.flatMap((change) => (change.kind === 'flag' ? (change.edit.rules ?? []).map(({ id }) => id) : []));
    const ids = idsOf(parse({ changes }));
    expect(new Set(ids).size).toBe(4);
    expect(idsOf(parse({ changes, name: 'again', start: true }))).toEqual(ids);
  });

  it.each<[string, object, string]>([
    ['a flag', {}, 'new-cart'],
    ['a service', { changes: [service] }, 'checkout v2'],
    ['many', { changes: [service, flag, { ...flag, flag: 'other' }] }, 'checkout v2 and 2 more'],
    ['its author', { name: 'June' }, 'June'],
  ])('is named after %s', (_name, overrides, name) => expect(parse(overrides).name).toBe(name));

  it('may schedule, override, and name a digest, a rule and an edit', () => {
    const rule = { clauses: [], serve: { variation: 'on' } };
    const edit = { rules: [rule] };
    const draft = parse({
      changes: [
        { ...flag, edit, ramp: { variation: 'on', rule: 'r1', bucketBy: 'account' } },
        { ...service, digest: aDigest() },
      ],
      scheduledAt: '2026-01-01T01:00:00+00:30',
      overrideRejection: 'fixed upstream',
    });
    expect(draft).toMatchObject({
      scheduledAt: new Date('2026-01-01T00:30:00.000Z'),
      overrideRejection: 'fixed upstream',
      changes: [
        {
          edit: { rules: [{ id: expect.stringMatching(/^[0-9a-f]{32}$/u) }] },
          ramp: { rule: 'r1', bucketBy: 'account' },
        },
        { digest: aDigest() },
      ],
    });
  });

  it.each<[string, object, readonly string[]]>([
    ['nothing to change', { changes: [] }, ['/changes ']],
    ['a flag with nothing to do', { changes: [{ kind: 'flag', flag: 'a' }] }, ['/changes/0 CHANGES_NOTHING']],
    ['an empty edit', { changes: [{ kind: 'flag', flag: 'a', edit: {} }] }, ['/changes/0 CHANGES_NOTHING']],
    [
      'a subject twice',
      { changes: [flag, service, { ...flag }, service] },
      ['/changes/2 NAMED_TWICE', '/changes/3 NAMED_TWICE'],
    ],
    ['a time that is past', { scheduledAt: '2026-01-01T00:00:00Z' }, ['/scheduledAt PAST']],
    ['a start now and then', { start: true, scheduledAt: '2027-01-01T00:00:00Z' }, ['/scheduledAt START_TWICE']],
    ['a digest that is none', { changes: [{ ...service, digest: 'sha256:xyz' }] }, ['/changes/0/digest ']],
    ['a service without a version', { changes: [{ kind: 'service', service: 'checkout' }] }, ['/changes/0/version ']],
    ['a kind nobody knows', { changes: [{ kind: 'database' }] }, ['/changes/0']],
    [
      'no body',
      { project: undefined, environment: undefined, changes: undefined },
      ['/project ', '/environment ', '/changes '],
    ],
    ['a field nobody knows', { startNow: true }, ['']],
    ['an override without a reason', { overrideRejection: '' }, ['/overrideRejection ']],
  ])('is refused with %s', (_name, overrides, expected) => {
    const problems = problemsOf(() => parse(overrides));
    expect(problems).toHaveLength(expected.length);
    expected.forEach((start, index) => expect(problems[index]?.startsWith(start)).toBe(true));
  });

  it('is refused with every problem at once', () => {
    const shapes = problemsOf(() => parse({ policy: 7, start: 'now', changes: [{ ...flag, edit: { on: 1 } }, {}] }));
    expect(shapes).toHaveLength(4);
    const changes = [{ ...flag, edit: { offVariation: 'on' } }, flag, { kind: 'flag', flag: 'b' }];
    const meanings = problemsOf(() => parse({ changes, start: true, scheduledAt: '2020-01-01T00:00:00Z' }));
    expect(meanings).toEqual(['/changes/2 CHANGES_NOTHING', '/changes/1 NAMED_TWICE', '/scheduledAt START_TWICE']);
  });

  it.each([null, [], 'release', 7])('is no %j', (odd) => {
    expect(problemsOf(() => parseReleaseDraft(odd, { now, hash }))).not.toEqual([]);
  });
});
