import { expect, it } from '@jest/globals';
import { runBesideOthers } from './run-beside-others.js';

const never = (): Promise<Error> => Promise.reject(new Error('It was given up.'));
const failing = (code: string): Error => Object.assign(new Error(code), { code });

it.each(['40P01', '55P03'])('tries again what others stood in the way of: %s', async (code) => {
  const outcomes = [failing(code), failing(code), 'done'];
  const run = async (): Promise<unknown> => {
    const outcome = outcomes.shift();
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  expect(await runBesideOthers(run, never)).toBe('done');
  expect(outcomes).toEqual([]);
});

it('does not try again what is wrong by itself', async () => {
  let attempts = 0;
  const run = (): Promise<never> => {
    attempts += 1;
    return Promise.reject(failing('42703'));
  };
  await expect(runBesideOthers(run, never)).rejects.toThrow('42703');
  expect(attempts).toBe(1);
});

it('gives up when nobody gives way, with what is to be said of it', async () => {
  let attempts = 0;
  const run = (): Promise<never> => {
    attempts += 1;
    return Promise.reject(failing('55P03'));
  };
  const giveUp = (cause: unknown): Promise<Error> => Promise.resolve(new Error('Others hold it.', { cause }));
  await expect(runBesideOthers(run, giveUp, 2)).rejects.toThrow('Others hold it.');
  expect(attempts).toBe(2);
});
