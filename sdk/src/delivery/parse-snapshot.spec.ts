import { expect, it } from '@jest/globals';
import { aFlag, aSegment, aSnapshot } from '../../test/builders.js';
import { parsePatch, parseSnapshot } from './parse-snapshot.js';

it('reads a snapshot and keeps fields it does not know', () => {
  const snapshot = { ...aSnapshot({ segments: [aSegment()] }), later: 1 };
  expect(parseSnapshot(JSON.stringify(snapshot))).toEqual(snapshot);
});

it('leaves a flag or segment of a kind it does not know to the evaluator', () => {
  const flags = [{ ...aFlag(), type: 'xml', rules: null }];
  const segments = [{ ...aSegment(), included: [1] }];
  expect(() => parseSnapshot(JSON.stringify({ ...aSnapshot(), flags, segments }))).not.toThrow();
});

it('leaves services and ramps, of whatever shape, to those who read them', () => {
  const odd = { services: 7, ramps: [null, { rollout: 5 }] };
  expect(parseSnapshot(JSON.stringify({ ...aSnapshot(), ...odd }))).toMatchObject(odd);
  const patch = { from: 1, revision: 2, flags: [], removedFlags: [], segments: [], removedSegments: [], ...odd };
  expect(parsePatch(JSON.stringify(patch))).toMatchObject(odd);
});

it.each<[string, string, RegExp]>([
  ['that is no JSON', '<html>', /not JSON/],
  ['that is a list', '[]', /not an object/],
  ['of a later schema', JSON.stringify({ ...aSnapshot(), schemaVersion: 2 }), /schema version 2/],
  ['without a revision', JSON.stringify({ ...aSnapshot(), revision: null }), /revision/],
  ['without flags', JSON.stringify({ ...aSnapshot(), flags: null }), /flags is not a list/],
  ['with a flag without a key', JSON.stringify({ ...aSnapshot(), flags: [{}] }), /the key of an item of flags/],
  ['with a flag that is text', JSON.stringify({ ...aSnapshot(), flags: ['x'] }), /flags is not an object/],
])('refuses a snapshot %s', (_name, json, expected) => expect(() => parseSnapshot(json)).toThrow(expected));

it('reads a patch and refuses half of one', () => {
  const patch = { from: 1, revision: 2, flags: [aFlag()], removedFlags: ['x'], segments: [], removedSegments: [] };
  expect(parsePatch(JSON.stringify(patch))).toEqual(patch);
  expect(() => parsePatch(JSON.stringify({ ...patch, removedFlags: undefined }))).toThrow(/removedFlags/);
});
