import { expect, it } from '@jest/globals';
import { runBesideOthers } from './run-beside-others.js';

const failing = (code: string): Error => Object.assign(new Error(code), { code });

it.each(['40P01', '55P03'])('tries again what others stood in the way of: %s', async (code) => {
  const outcomes = [failing(code), failing(code), 'done'];
  const run = async (): Promise<unknown> => {
    const outcome = outcomes.shift();
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  expect(await runBesideOthers(run)).toBe('done');
  expect(outcomes).toEqual([]);
});

it('does not try again what is wrong by itself', async () => {
  let attempts = 0;
  const run = (): Promise<never> => {
    attempts += 1;
    return Promise.reject(failing('42703'));
  };
  await expect(runBesideOthers(run)).rejects.toThrow('42703');
  expect(attempts).toBe(1);
});
