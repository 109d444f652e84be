import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bucketOf } from './bucket.js';
import { chooseVersion, compileServices, routedChoice, type VersionReason } from './choose-version.js';
import type { EvaluationContext } from './context.js';
import { FULL_SHARE, type SnapshotService } from './snapshot.js';

/** sdk/vectors/versions.json. An expectation without a version has none to send to. */
interface Vectors {
  readonly snapshot: { readonly services: readonly SnapshotService[] };
  readonly cases: readonly {
    readonly name: string;
    readonly service: string;
    readonly context: EvaluationContext;
    readonly expected: { readonly version?: string; readonly arm?: string; readonly reason: VersionReason };
  }[];
}

const at = (share: number) => compileServices([{ key: 's', stable: 'v1', candidate: { version: 'v2', share } }]);
const shares = fc.integer({ min: 0, max: FULL_SHARE });
const keys = fc.string({ minLength: 1, unit: 'grapheme' });

describe('the vectors', () => {
  const text = readFileSync(new URL('../../vectors/versions.json', import.meta.url), 'utf8');
  const { snapshot, cases } = JSON.parse(text) as Vectors; // safe: ours
  const services = compileServices(snapshot.services);

  it.each(cases.map((each) => [each.name, each] as const))('%s', (_name, { service, context, expected }) => {
    const { version, arm, reason } = chooseVersion(services, service, context);
    expect({ version, arm, reason }).toEqual(expected);
  });
});

it('sends the buckets below the share to the candidate, and no others', () => {
  fc.assert(
    fc.property(shares, keys, (share, targetingKey) => {
      const arm = bucketOf('service/s', targetingKey, FULL_SHARE) < share ? 'candidate' : 'stable';
      expect(chooseVersion(at(share), 's', { targetingKey })).toMatchObject({ arm, reason: 'SPLIT' });
    }),
  );
});

it('drops nobody when the share is raised, and takes nobody in when it is lowered', () => {
  fc.assert(
    fc.property(shares, shares, keys, (a, b, targetingKey) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const before = chooseVersion(at(low), 's', { targetingKey }).arm;
      if (before === 'candidate') expect(chooseVersion(at(high), 's', { targetingKey }).arm).toBe('candidate');
    }),
  );
});

it('gives the candidate about its share of callers', () => {
  const candidates = Array.from({ length: 20_000 }, (_, i) =>
    chooseVersion(at(10_000), 's', { targetingKey: `u${i}` }),
  );
  const count = candidates.filter(({ arm }) => arm === 'candidate').length;
  // Six standard deviations of Bin(20 000, 0.1).
  expect(Math.abs(count - 2_000)).toBeLessThan(6 * Math.sqrt(20_000 * 0.1 * 0.9));
});

it('answers whatever it is handed for a context', () => {
  const trap = () => {
    throw new Error('trap');
  };
  const throwing = new Proxy({}, { get: trap });
  const contexts: unknown[] = [undefined, null, 'text', 7, [], throwing];
  for (const context of contexts) {
    // Callers without types pass anything.
    expect(chooseVersion(at(FULL_SHARE), 's', context as EvaluationContext)).toMatchObject({ arm: 'stable' });
  }
});

it.each<[string, unknown]>([
  ['none', undefined],
  ['null', null],
  ['no list', { key: 's' }],
  ['entries that are none', [null, 7, 'x', {}, { key: 5 }]],
])('reads %s as no services', (_name, services) => expect(compileServices(services).size).toBe(0));

it('lets a malformed service disable only itself', () => {
  const services = compileServices([{ key: 'bad', stable: 7 }, { key: 'good', stable: 'v1' }, null]);
  expect(chooseVersion(services, 'bad', {})).toMatchObject({ version: undefined, reason: 'ERROR' });
  expect(chooseVersion(services, 'good', {})).toMatchObject({ version: 'v1', reason: 'STATIC' });
});

it('follows an earlier choice as long as there is such a version', () => {
  const services = at(0);
  expect(routedChoice(services, 's', 'v2')).toMatchObject({ version: 'v2', arm: 'candidate', reason: 'ROUTED' });
  expect(routedChoice(services, 's', 'v1')).toMatchObject({ version: 'v1', arm: 'stable' });
  expect(routedChoice(services, 's', 'v0')).toBeUndefined();
  expect(routedChoice(services, 'none', 'v1')).toBeUndefined();
});
