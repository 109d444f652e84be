import { describe, expect, it } from '@jest/globals';
import { machineProblems, requireSoundMachine, requireTransition } from './release-machine.js';

describe('the machine of releases', () => {
  it('is sound', () => expect(requireSoundMachine).not.toThrow());

  it.each<[string, Record<string, string[]>, readonly string[]]>([
    ['a state nobody declared', { a: ['b'] }, ['"b" is led to, but is no state.']],
    ['a state nothing leads to', { a: [], b: ['a'] }, ['"b" cannot be reached from "a".']],
    ['nothing, where all is well', { a: ['b'], b: ['a'] }, []],
  ])('finds %s', (_name, transitions, problems) => expect(machineProblems(transitions, 'a')).toEqual(problems));

  it('lets nothing follow a release that was made or superseded', () => {
    expect(() => requireTransition('released', 'running')).toThrow('To take it back, release');
    expect(() => requireTransition('superseded', 'running')).toThrow('Make a new one');
  });

  it('lets a new attempt follow a bad one', () =>
    expect(() => requireTransition('rolledBack', 'running')).not.toThrow());
});
