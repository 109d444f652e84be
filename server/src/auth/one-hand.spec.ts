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
