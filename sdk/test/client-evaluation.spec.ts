import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SluiceClient } from '../src/sluice-client.js';
import type { EvaluationContext } from '../src/evaluation/context.js';
import { aFlag, aSnapshot } from './builders.js';
import { Clients } from './clients.js';
import { FakeControlPlane } from './fake-control-plane.js';
import { FakeRuntime } from './fake-runtime.js';

let plane: FakeControlPlane;
let clients: Clients;
let sluice: SluiceClient;

beforeAll(async () => {
  const serve = { defaultServe: { variation: 'v' }, offVariation: 'v' };
  const flags = [
    aFlag({ metadata: { owner: 'payments' } }),
    aFlag({ key: 'greeting', type: 'string', variations: [{ key: 'v', value: '' }], ...serve }),
    aFlag({ key: 'limit', type: 'number', variations: [{ key: 'v', value: 0 }], ...serve }),
    aFlag({ key: 'theme', type: 'json', variations: [{ key: 'v', value: { colours: ['red'] } }], ...serve }),
    aFlag({ key: 'nothing', type: 'json', variations: [{ key: 'v', value: null }], ...serve }),
    aFlag({ key: 'json-true', type: 'json', variations: [{ key: 'v', value: true }], ...serve }),
  ];
  plane = await new FakeControlPlane(aSnapshot({ flags })).start();
  clients = new Clients(plane.url, new FakeRuntime());
  sluice = await clients.open();
});

afterAll(async () => {
  await clients.closeAll();
  await plane.stop();
});

describe('a client', () => {
  it('reads each type, falsy values included', () => {
    expect(sluice.boolean('new-checkout', {}, false)).toBe(true);
    expect(sluice.string('greeting', {}, 'default')).toBe('');
    expect(sluice.number('limit', {}, 9)).toBe(0);
    expect(sluice.json('theme', {}, {})).toEqual({ colours: ['red'] });
    expect(sluice.json('nothing', {}, {})).toBeNull();
  });

  it('explains its answers', () => {
    expect(sluice.boolean.details('new-checkout', {}, false)).toEqual({
      value: true,
      variant: 'on',
      reason: 'STATIC',
      errorCode: undefined,
      errorMessage: undefined,
      flagMetadata: { owner: 'payments' },
    });
  });

  it('answers the default to a flag of another type, whatever its value looks like', () => {
    expect(sluice.boolean.details('json-true', {}, false)).toMatchObject({
      value: false,
      variant: undefined,
      reason: 'ERROR',
      errorCode: 'TYPE_MISMATCH',
    });
    expect(sluice.json.details('new-checkout', {}, 1)).toMatchObject({ value: 1, errorCode: 'TYPE_MISMATCH' });
  });

  it('answers the default to a flag it does not know', () => {
    expect(sluice.number.details('missing', {}, 5)).toMatchObject({ value: 5, errorCode: 'FLAG_NOT_FOUND' });
  });

  it('answers whatever it is handed for a context', () => {
    const contexts: unknown[] = [
      undefined,
      null,
      'text',
      7,
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('trap');
          },
        },
      ),
    ];
    for (const context of contexts) {
      // Callers without types pass anything.
      expect(sluice.boolean('new-checkout', context as EvaluationContext, false)).toBe(true);
    }
  });

  it('hands out values nobody can change', () => {
    expect(Object.isFrozen(sluice.json('theme', {}, {}))).toBe(true);
    expect(Object.isFrozen(sluice.boolean.details('new-checkout', {}, false).flagMetadata)).toBe(true);
  });

  it('evaluates all flags for one context', () => {
    const all = sluice.evaluateAll({ targetingKey: 'u' });
    expect(Object.keys(all)).toHaveLength(6);
    expect(all['limit']).toMatchObject({ value: 0, variant: 'v' });
  });

  it('can have its readers passed around', () => {
    const { boolean } = sluice;
    expect(boolean('new-checkout', {}, false)).toBe(true);
    expect(boolean.details('new-checkout', {}, false).variant).toBe('on');
  });
});
