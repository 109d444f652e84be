import { describe, expect, it } from '@jest/globals';
import { chooseDelivery } from './slow-consumer.js';

describe('chooseDelivery', () => {
  it.each<[string, boolean, number, string]>([
    ['sends to a client that takes all', false, 0, 'send'],
    ['sends to one that has just caught up', false, 9, 'send'],
    ['lets one wait that has not taken the last update', true, 0, 'wait'],
    ['lets it wait for less than a minute', true, 3, 'wait'],
    ['gives it up after a minute', true, 4, 'disconnect'],
  ])('%s', (_name, isFull, heldHeartbeats, expected) =>
    expect(chooseDelivery({ isFull, heldHeartbeats })).toBe(expected),
  );
});
