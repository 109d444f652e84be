import { describe, expect, it } from '@jest/globals';
import { isOneHand, type TokenKin } from './one-hand.js';

const token = (id: string, more: Partial<TokenKin> = {}): TokenKin => ({
  id,
  owner: null,
  createdBy: null,
  replacesId: null,
  ...more,
});
const by = (createdBy: string) => ({ createdBy });
const known = [
  token('root'),
  token('ann', by('root')),
  token('bob', by('root')),
  token('ann-2', by('ann')),
  token('ann-3', by('ann-2')),
  token('ann-new', { createdBy: 'root', replacesId: 'ann' }),
  token('made-by-new', by('ann-new')),
  token('cem', { createdBy: 'root', owner: 'Cem@shop.example' }),
  token('cem-too', { createdBy: 'root', owner: ' cem@shop.example' }),
  token('dan', { createdBy: 'root', owner: 'dan@shop.example' }),
  token('empty-1', { createdBy: 'root', owner: null }),
];

describe('two tokens', () => {
  it.each<[string, string, string]>([
    ['are the same', 'ann', 'ann'],
    ['are unknown and the same', 'release-queue', 'release-queue'],
    ['made one another', 'ann', 'ann-2'],
    ['made one another at a remove', 'ann', 'ann-3'],
    ['made all others', 'root', 'bob'],
    ['are one that was rotated', 'ann', 'ann-new'],
    ['were made before and by what it was rotated to', 'ann', 'made-by-new'],
    ['were rotated to, and made before that', 'ann-new', 'ann-2'],
    ['have one owner, however it is written', 'cem', 'cem-too'],
  ])('are in one hand that %s', (_how, a, b) => {
    expect([isOneHand(a, b, known), isOneHand(b, a, known)]).toEqual([true, true]);
  });

  it.each<[string, string, string]>([
    ['a third made', 'ann', 'bob'],
    ['a third made for others', 'cem', 'dan'],
    ['nobody owns', 'bob', 'empty-1'],
    ['nobody knows', 'x', 'y'],
    ['descend from two that a third made', 'ann-3', 'bob'],
  ])('are not known to be in one hand that %s', (_how, a, b) => {
    expect([isOneHand(a, b, known), isOneHand(b, a, known)]).toEqual([false, false]);
  });
});

describe('a person', () => {
  const somebody = (id: string, invitedBy: string | null = null) => ({ id, email: `${id}@shop.example`, invitedBy });
  const people = [
    ...[somebody('eva'), somebody('finn')],
    ...[somebody('pat'), somebody('puppet', 'pat'), somebody('puppet-of-puppet', 'puppet'), somebody('quin', 'pat')],
    somebody('by-token', 'pat-1'),
  ];
  const tokens = [
    token('bootstrap', { owner: 'eva@shop.example' }),
    token('made-by-bootstrap', by('bootstrap')),
    token('eva-1', by('eva')),
    token('eva-2', by('eva')),
    token('eva-2-rotated', { createdBy: 'finn', replacesId: 'eva-2' }),
    token('finn-by-eva', { createdBy: 'eva', owner: 'FINN@shop.example' }),
    token('gus-by-eva', { createdBy: 'eva', owner: 'gus@shop.example' }),
    token('pat-1', by('pat')),
    token('puppet-1', by('puppet')),
    token('puppet-2', { createdBy: 'eva', owner: 'puppet@shop.example' }),
  ];
  const both = (a: string, b: string) => [isOneHand(a, b, tokens, people), isOneHand(b, a, tokens, people)];

  it.each<[string, string, string]>([
    ['is themselves', 'eva', 'eva'],
    ['acts by a token they made', 'eva', 'eva-1'],
    ['acts by two tokens they made', 'eva-1', 'eva-2'],
    ['acts by a token that another rotated', 'eva-1', 'eva-2-rotated'],
    ['acts by a token they rotated', 'finn', 'eva-2-rotated'],
    ['acts by a token that is theirs', 'finn', 'finn-by-eva'],
    ['has seen a token that they made for another', 'eva', 'finn-by-eva'],
    ['acts by a token that their token made', 'eva', 'made-by-bootstrap'],
    ['acts by a token of theirs and by one that they made for another', 'eva-1', 'finn-by-eva'],
    ['may act as who they invited', 'pat', 'puppet'],
    ['may act as who was invited by who they invited', 'pat', 'puppet-of-puppet'],
    ['may act as who their token invited', 'pat', 'by-token'],
    ['may act by a token of theirs, and as who they invited', 'pat-1', 'puppet'],
    ['may act by a token that who they invited made', 'pat', 'puppet-1'],
    ['may act by a token that is of who they invited', 'pat', 'puppet-2'],
    ['may act by tokens of both', 'pat-1', 'puppet-2'],
  ])('%s: one hand', (_how, a, b) => expect(both(a, b)).toEqual([true, true]));

  it.each<[string, string, string]>([
    ['is not another', 'eva', 'finn'],
    ['has nothing of another’s token', 'finn', 'eva-1'],
    ['may make tokens for two who are not one', 'finn-by-eva', 'gus-by-eva'],
    ['is not who a third made a token for', 'finn', 'gus-by-eva'],
    ['is not who a third invited too', 'puppet', 'quin'],
    ['is not who a third invited', 'eva', 'puppet'],
  ])('%s: two hands', (_how, a, b) => expect(both(a, b)).toEqual([false, false]));
});
