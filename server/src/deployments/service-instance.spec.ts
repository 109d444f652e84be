import { describe, expect, it } from '@jest/globals';
import {
  holderAfter,
  isNews,
  parseInstanceDraft,
  registeredInstance,
  type ServiceInstance,
  servedInstances,
} from './service-instance.js';

const now = new Date('2026-01-01T00:10:00.000Z');
const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1_000);

function anInstance(overrides: Partial<ServiceInstance> = {}): ServiceInstance {
  const place = { version: 'v1', address: '10.0.0.1', port: 50_051, weight: 1 };
  return { id: 'a', ...place, leaseUntil: ago(-30), registeredAt: ago(600), ...overrides };
}

/** As many as there are letters: small ones' leases have ended. */
const fleet = (letters: string): readonly ServiceInstance[] =>
  [...letters].map((id, index) =>
    anInstance({ id, address: `10.0.0.${index}`, leaseUntil: id === id.toUpperCase() ? ago(-30) : ago(1) }),
  );

describe('the instances that callers are sent to', () => {
  it.each([
    ['ABCD', 'ABCD'],
    ['AbCD', 'ACD'],
    ['AbcD', 'AD'],
    ['Abcd', 'Abcd'], // fewer than half: their telling has stopped
    ['abcd', 'abcd'],
    ['A', 'A'],
    ['a', 'a'],
    ['', ''],
  ])('are of %s: %s', (all, served) => {
    expect(
      servedInstances(fleet(all), now)
        .map(({ id }) => id)
        .join(''),
    ).toBe(served);
  });

  it('are not those whose lease ended long ago, however many they were', () => {
    const dead = ['1', '2', '3'].map((id) => anInstance({ id, address: `10.0.1.${id}`, leaseUntil: ago(601) }));
    const [live, gone] = [anInstance(), anInstance({ id: 'b', address: '10.0.0.2', leaseUntil: ago(599) })];
    expect(servedInstances([live, ...dead], now)).toEqual([live]);
    // Half of those that were there lately still renew their leases.
    expect(servedInstances([live, gone, ...dead], now)).toEqual([live]);
  });

  it('are those that were last heard of where nobody was for long: Sluice may have been away', () => {
    const heard = anInstance({ leaseUntil: ago(7_200) });
    const before = anInstance({ id: 'b', address: '10.0.0.2', leaseUntil: ago(7_200 + 601) });
    expect(servedInstances([heard, before], now)).toEqual([heard]);
    expect(servedInstances([], now)).toEqual([]);
  });

  it('are one per address and port: the later registered', () => {
    const before = anInstance({ id: 'before', registeredAt: ago(60) });
    const after = anInstance({ id: 'after', registeredAt: ago(5) });
    for (const both of [
      [before, after],
      [after, before],
    ]) {
      expect(servedInstances(both, now)).toEqual([after]);
    }
    expect(servedInstances([before, { ...after, port: 1 }], now)).toHaveLength(2);
  });

  it('come in the same order whoever asks', () => {
    const all = fleet('ABCD');
    expect(servedInstances([...all].reverse(), now)).toEqual(servedInstances(all, now));
  });
});

describe('a registration', () => {
  const draft = parseInstanceDraft('a', { version: 'v1', address: '10.0.0.1', port: 50_051 });

  it('keeps since when the instance is there, and renews the lease', () => {
    const after = registeredInstance(draft, { before: anInstance(), now });
    expect(after).toEqual(anInstance({ leaseUntil: ago(-30) }));
    expect(registeredInstance(draft, { before: null, now }).registeredAt).toEqual(now);
  });

  it('is news unless only the lease was renewed in time', () => {
    expect(isNews(null, anInstance(), now)).toBe(true);
    expect(isNews(anInstance(), anInstance({ leaseUntil: ago(-90) }), now)).toBe(false);
    expect(isNews(anInstance({ leaseUntil: ago(1) }), anInstance(), now)).toBe(true);
    for (const other of [{ version: 'v2' }, { address: '::1' }, { port: 1 }, { weight: 2 }]) {
      expect(isNews(anInstance(), anInstance(other), now)).toBe(true);
    }
  });

  it.each([
    ['no id', '', {}],
    ['an id with a slash', 'a/b', {}],
    ['a name where an address belongs', 'a', { address: 'checkout.local' }],
    ['no port', 'a', { port: 0 }],
    ['a weight of nothing', 'a', { weight: 0 }],
    ['a lease without end', 'a', { leaseSeconds: 86_400 }],
    ['a version that is none', 'a', { version: ' ' }],
    ['a field that nobody knows', 'a', { ttl: 3 }],
  ])('is refused with %s', (_name, id, wrong) => {
    const body = { version: 'v1', address: '10.0.0.1', port: 50_051, ...wrong };
    expect(() => parseInstanceDraft(id, body)).toThrow(expect.objectContaining({ code: 'VALIDATION_FAILED' }));
  });
});

describe('an instance that another token registered', () => {
  const theirs = { ...anInstance(), registeredBy: 'theirs' };
  const mine = { id: 'mine', replacesId: null, maySpeakForOthers: false };
  const refusal = expect.objectContaining({ kind: 'conflict', code: 'INSTANCE_TAKEN' });

  it('is refused while its lease holds, and free afterwards', () => {
    expect(() => holderAfter(theirs, mine, now)).toThrow(refusal);
    expect(holderAfter({ ...theirs, leaseUntil: ago(1) }, mine, now)).toBe('mine');
    expect(holderAfter({ ...theirs, registeredBy: 'mine' }, mine, now)).toBe('mine');
    expect(holderAfter({ ...theirs, registeredBy: null }, mine, now)).toBe('mine');
    expect(holderAfter(null, mine, now)).toBe('mine');
  });

  it('is that of the token that replaces it, and stays theirs when CI or an admin speaks for it', () => {
    expect(holderAfter(theirs, { ...mine, replacesId: 'theirs' }, now)).toBe('mine');
    expect(holderAfter(theirs, { ...mine, maySpeakForOthers: true }, now)).toBe('theirs');
  });
});
