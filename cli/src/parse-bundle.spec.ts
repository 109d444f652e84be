import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { aDemand, aRunObservation } from '../../server/test/builders/a-run-observation.js';
import { CommandError, explainError } from './command-error.js';
import { parseBundle } from './parse-bundle.js';

interface Bundle {
  codeVersion: string;
  ticks: { body: Record<string, unknown> }[];
  rollout: { policy: { metrics: Record<string, unknown>[] }; note?: string };
}
const aBundle = (): Bundle =>
  JSON.parse(readFileSync(new URL('../test/bundle.json', import.meta.url), 'utf8')) as Bundle; // As it was fetched.

function refusalOf(document: unknown): { readonly exitCode: number; readonly said: string } {
  try {
    parseBundle(document, 'b.json');
  } catch (error) {
    if (error instanceof CommandError) return { exitCode: error.exitCode, said: explainError(error).join('\n') };
    throw error;
  }
  throw new Error('It was taken.');
}

describe('parseBundle', () => {
  it('takes what Sluice wrote, and what newer ones add for people', () => {
    const bundle = aBundle();
    bundle.rollout.note = 'new';
    expect(parseBundle(bundle, 'b.json')).toBe(bundle);
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'bundle'],
    ['a list', []],
    ['some other document', { name: 'checkout' }],
    ['a schema that is no text', { schema: 1 }],
  ])('says of %s that it is no bundle', (_what, document) => {
    expect(refusalOf(document)).toEqual({
      exitCode: 2,
      said: expect.stringMatching(/^b\.json is no bundle of verdicts: [^]*\nFetch one: sluice verdict/u),
    });
  });

  it('says which version judges another format', () => {
    expect(refusalOf({ schema: 'sluice.verdict-bundle/2', codeVersion: '3.1.0' })).toEqual({
      exitCode: 2,
      said:
        'b.json is a bundle of format 2, and this command judges format 1 only.\n' +
        'Judge it with the sluice command of version 3.1.0 that wrote it.',
    });
  });

  it('does not judge past what it does not know', () => {
    const bundle = aBundle();
    Object.assign(bundle.ticks[1]?.body ?? {}, { latencies: [] });
    Object.assign(bundle.rollout.policy.metrics[0] ?? {}, { weight: 2 });
    expect(refusalOf(bundle)).toEqual({
      exitCode: 2,
      said:
        'b.json holds what this command does not know and so cannot judge:\n' +
        '  /rollout/policy/metrics/0/weight is not known.\n' +
        '  /ticks/1/body/latencies is not known.\n' +
        'Judge it with the sluice command of version 0.1.0 that wrote it.',
    });
  });

  it('takes what was compared of parallel runs, and nothing less', () => {
    const withRun = (run: object): Bundle => {
      const bundle = aBundle();
      Object.assign(bundle.ticks[1]?.body ?? {}, { runs: [run] });
      return bundle;
    };
    const bundle = withRun(aRunObservation());
    expect(parseBundle(bundle, 'b.json')).toBe(bundle);
    expect(refusalOf(withRun({ ...aRunObservation(), sums: {} })).said).toContain('/runs/0/sums/verdicts is missing');
    expect(refusalOf(withRun({ ...aRunObservation(), demand: aDemand({ alpha: 0 }) })).exitCode).toBe(2);
  });

  it('names the first places that are not as they were written', () => {
    const { said, exitCode } = refusalOf({ schema: 'sluice.verdict-bundle/1' });
    expect(exitCode).toBe(2);
    expect(said).toMatch(/^b\.json is not as Sluice wrote it:\n {2}\/codeVersion is missing[^]*\nFetch it again: /u);
  });
});
