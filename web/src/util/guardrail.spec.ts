import { describe, expect, it } from '@jest/globals';
import { guardrailLook, type GuardrailState, readActions, readStatement } from './guardrail.js';

describe('a guardrail', () => {
  const none = { noData: 0, couldNotAsk: 0 };
  it.each<[GuardrailState, { readonly noData: number; readonly couldNotAsk: number }, object]>([
    ['holding', none, { tone: 'good', silent: 0 }],
    ['holding', { noData: 0, couldNotAsk: 3 }, { tone: 'warning', silent: 3, silence: 'couldNotAsk' }],
    ['recovered', { noData: 2, couldNotAsk: 0 }, { tone: 'warning', silent: 2, silence: 'noData' }],
    ['unknown', { noData: 2, couldNotAsk: 1 }, { tone: 'waiting', silent: 3, silence: 'couldNotAsk' }],
    ['broken', { noData: 0, couldNotAsk: 3 }, { tone: 'bad', silent: 3 }],
    ['acknowledged', none, { tone: 'warning', silent: 0 }],
  ])('that is %s, with %j checks in a row that said nothing, is shown so', (state, counts, look) => {
    expect(guardrailLook(state, counts)).toMatchObject(look);
  });
});

describe('its statement', () => {
  it.each<[string, unknown, string, string]>([
    [
      'of ordinary traffic',
      {
        kind: 'measurement',
        subject: 'all',
        metric: 'orders',
        what: 'countPerMinute',
        windowSeconds: 300,
        atLeast: 30,
      },
      'orders, per minute, over 5 min',
      'at least 30',
    ],
    [
      'of bad ones in a service',
      {
        ...{ kind: 'measurement', subject: 'service/shop', metric: 'unit', what: 'badRate', windowSeconds: 60 },
        ...{ atLeast: 0, atMost: 0.02 },
      },
      'unit, of service/shop, bad of them, over 1 min',
      'at least 0 % and at most 2 %',
    ],
    [
      'of a document somewhere',
      { kind: 'query', query: { kind: 'json', url: 'http://a/b', path: '$.x' }, windowSeconds: 60, atMost: 1_234.5 },
      'json, http://a/b, $.x, over 1 min',
      'at most 1,234.5',
    ],
    ['of a kind that is new', { kind: 'moon', atMost: 1 }, 'moon', 'at most 1'],
    ['that is none', null, 'undefined', ''],
  ])('%s is told in words', (_name, statement, what, bounds) => {
    expect(readStatement(statement)).toMatchObject({ what, bounds });
  });
});

describe('what follows when it breaks', () => {
  it.each<[unknown, object]>([
    [
      { alert: true, hold: null, kill: null },
      { alert: true, holds: undefined, kills: undefined },
    ],
    [
      { alert: false, hold: { covers: 'all' }, kill: { flag: 'a/b' } },
      { alert: false, holds: 'all', kills: 'a/b' },
    ],
    [{ hold: { covers: ['flag/a'] } }, { alert: false, holds: ['flag/a'] }],
    [null, { alert: false, holds: undefined }],
  ])('%j is read', (actions, read) => {
    expect(readActions(actions)).toMatchObject(read);
  });
});
