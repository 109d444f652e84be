import { expect, it } from '@jest/globals';
import { StreamSlots } from './stream-slots.js';

it('has room for so many streams at a time, and a slot is given back once', () => {
  const slots = new StreamSlots(2);
  const leave = slots.take();
  slots.take();
  const refusal = expect.objectContaining({ kind: 'limited', code: 'TOO_MANY_STREAMS' });
  expect(() => slots.take()).toThrow(refusal);
  leave();
  leave();
  slots.take();
  expect(() => slots.take()).toThrow(refusal);
});
