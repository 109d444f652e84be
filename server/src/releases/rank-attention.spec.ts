import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ATTENTION_KINDS, type AttentionItem, rankAttention } from './rank-attention.js';

const item = (more: Partial<AttentionItem>): AttentionItem => ({
  ...{ kind: 'held', title: '', sentence: '', since: new Date(5_000), project: 'shop', environment: 'production' },
  ...{ isProduction: true, target: 'release', targetId: 'a', ...more },
});

describe('What asks for somebody', () => {
  it.each<[string, Partial<AttentionItem>, Partial<AttentionItem>]>([
    ['production, however slight,', { kind: 'awaitingApproval' }, { kind: 'guardrailBroken', isProduction: false }],
    ['a broken guardrail', { kind: 'guardrailBroken' }, { kind: 'couldNotAsk', since: new Date(0) }],
    ['what could not be asked', { kind: 'couldNotAsk' }, { kind: 'held', since: new Date(0) }],
    ['a passed deadline', { kind: 'deadlinePassed' }, { kind: 'noData', since: new Date(0) }],
    ['an overdue flag', { kind: 'overdueFlag' }, { kind: 'dueFlag', since: new Date(0) }],
    ['of a kind what has waited longest', { since: new Date(1) }, { since: new Date(2) }],
    ['of the same moment the lesser id', { targetId: 'a' }, { targetId: 'b' }],
  ])('%s comes first', (_name, first, second) => {
    const [a, b] = [item(first), item(second)];
    expect(rankAttention([b, a])).toEqual([a, b]);
  });

  it('comes in one order, in whatever order it was found', () => {
    const items = fc.array(
      fc.record({
        kind: fc.constantFrom(...ATTENTION_KINDS),
        isProduction: fc.boolean(),
        since: fc.date({ noInvalidDate: true }),
        targetId: fc.uuid(),
      }),
    );
    fc.assert(
      fc.property(items, (found) => {
        const all = found.map(item);
        expect(rankAttention([...all].reverse())).toEqual(rankAttention(all));
      }),
    );
  });
});
