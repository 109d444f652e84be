import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aFlag, aSegment, aSnapshot } from '../../test/builders.js';
import { compileSnapshot } from './compile-snapshot.js';
import { evaluate } from './evaluate.js';
import { formatSnapshot } from './format-snapshot.js';
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

describe('of a text with tabs around its flags', () => {
  const flags = ['a', 'b', 'c'].map((key) => aFlag({ key }));
  const snapshot = { ...aSnapshot({ flags, segments: [aSegment()] }), later: ['a\tfield'] };
  const text = formatSnapshot(snapshot);

  it('reads what JSON.parse reads', () => {
    expect(text).toContain('"flags":[\t{"key":"a",');
    expect(text).toContain('},\t{"key":"b",');
    expect(text).toContain('}\t],"segments":[');
    expect(JSON.parse(text)).toEqual(snapshot);
    expect(parseSnapshot(text)).toEqual(snapshot);
    const empty = formatSnapshot(aSnapshot({ flags: [] }));
    expect(empty).toContain('"flags":[\t],');
    expect(parseSnapshot(empty)).toEqual(aSnapshot({ flags: [] }));
  });

  it('gives a snapshot like any other to those who copy it, write it or send it on', () => {
    expect({ ...parseSnapshot(text) }).toEqual(snapshot);
    expect(Object.getOwnPropertyDescriptor({ ...parseSnapshot(text) }, 'flags')).toHaveProperty('value');
    expect(JSON.parse(JSON.stringify(parseSnapshot(text)))).toEqual(snapshot);
    expect(structuredClone(parseSnapshot(text))).toEqual(snapshot);
    expect(Object.keys(parseSnapshot(text)).sort()).toEqual(Object.keys(snapshot).sort());
    const parsed = parseSnapshot(text);
    expect(parsed.flags).toBe(parsed.flags);
    expect(formatSnapshot(parsed)).toBe(text);
  });

  /** The flag b of the text, exchanged. */
  const withPiece = (piece: string): string => text.replace(/\{"key":"b".*?(?=,\t)/, piece);

  it.each([
    ['is no JSON', '{"key":"b","on":tru}'],
    ['is cut off', '{"key":"b","variations":[{}'],
    ['has more than one end', '{"key":"b"}}'],
    ['is two', '{"key":"b"},{"key":"d"}'],
    ['has another key behind the first', '{"key":"b","key":"d"}'],
    ['has a key with a line end', '{"key":"b\n"}'],
  ])('disables a flag that %s, and no other', (_name, piece) => {
    const compiled = compileSnapshot(parseSnapshot(withPiece(piece)));
    const answers = [...compiled.keys()].map((key) => evaluate(compiled, key, {}));
    expect(answers.map(({ errorCode, variant }) => errorCode ?? variant)).toEqual(['on', 'PARSE_ERROR', 'on']);
    expect(compiled.snapshot.flags).toEqual([flags[0], { key: [...compiled.keys()][1] }, flags[2]]);
    expect(parseSnapshot(formatSnapshot(compiled.snapshot)).flags).toEqual(compiled.snapshot.flags);
  });

  it('counts the last of two flags of one key', () => {
    const compiled = compileSnapshot(parseSnapshot(withPiece('{"key":"a","on":5}')));
    expect([...compiled.keys()]).toEqual(['a', 'c']);
    expect(evaluate(compiled, 'a', {}).errorCode).toBe('PARSE_ERROR');
  });

  it.each<[string, (text: string) => string]>([
    ['is cut off before its end', (whole) => whole.slice(0, -1)],
    ['is cut off within its flags', (whole) => whole.slice(0, whole.lastIndexOf('\t') - 9)],
    ['has something behind it', (whole) => `${whole}}`],
    ['has another list open', (whole) => whole.replace('{', '{"x":[')],
    ['has a name that ends like its list', (whole) => whole.replace(',"flags', ',"\\"flags')],
    ['has flags in another place', (whole) => whole.replace('"flags"', '"other"')],
    ['has a piece that is no object', () => withPiece('7')],
    ['has a piece without a key', () => withPiece('{}')],
    ['has an empty piece', () => withPiece('')],
    ['is not of this schema', (whole) => whole.replace('"schemaVersion":1', '"schemaVersion":2')],
    ['has no segments', (whole) => whole.replace('"segments":[', '"parts":[')],
  ])('refuses one that %s, with the words for any text', (_name, change) => {
    const changed = change(text);
    expect(changed).not.toBe(text);
    expect(errorOf(changed)).toBeDefined();
    expect(errorOf(changed)).toBe(errorOf(changed.replaceAll('\t', ' ')));
  });

  it.each<[string, string]>([
    ['is indented by tabs', JSON.stringify(snapshot, undefined, '\t')],
    [
      'is indented by tabs, in lines of another system',
      JSON.stringify(snapshot, undefined, '\t').replaceAll('\n', '\r\n'),
    ],
    ['has its flags first', text.replace(/\{(.*?),("flags":.*?\t\])/, '{$2,$1')],
    ['has its flags last', text.replace(/,("flags":.*?\t\])(.*)\}$/, '$2,$1}')],
    ['has a second list of flags', text.replace(/\}$/, `,"flags":${JSON.stringify(flags.slice(1))}}`)],
    ['has a second list of flags, spelled otherwise', text.replace(/\}$/, ',"\\u0066lags":[]}')],
    ['has one more tab', text.replace(/\}$/, '\t}')],
    ['has line ends beside its tabs', text.replaceAll('\t', '\n\t')],
    ['has a key with escapes', withPiece(JSON.stringify(aFlag({ key: 'a "b" \\\t' })))],
    [
      'has a flag whose key is not first',
      withPiece(JSON.stringify(Object.fromEntries(Object.entries(aFlag({ key: 'b' })).reverse()))),
    ],
  ])('parses one that %s as any text', (_name, other) => {
    if (!other.startsWith('{\n') && !other.startsWith('{\r')) expect(other).not.toBe(text);
    const whole = JSON.parse(other) as unknown;
    expect(parseSnapshot(other)).toEqual(whole);
  });

  it('reads or refuses any text as it would without tabs, or disables a flag', () => {
    const piece = fc.constantFrom(
      '\t',
      '{',
      '}',
      '[',
      ']',
      ',',
      '"flags":[',
      '"segments":[',
      '"',
      '\\',
      '1',
      '{"key":"b"}',
    );
    const spoiled = fc
      .array(fc.tuple(fc.nat(text.length), fc.nat(3), fc.oneof(piece, fc.constant(''))), { minLength: 1, maxLength: 3 })
      .map((edits) => edits.reduce((all, [at, length, by]) => all.slice(0, at) + by + all.slice(at + length), text));
    fc.assert(
      fc.property(spoiled, (other) => {
        const [error, plainError] = [errorOf(other), plainErrorOf(other)];
        if (error !== undefined) return expect(plainError).toBeDefined();
        const { flags: read, ...rest } = parseSnapshot(other);
        if (plainError === undefined) {
          // Two flags in one piece are one that cannot be read.
          const whole = JSON.parse(other) as typeof snapshot;
          expect(rest).toEqual((({ flags: _flags, ...others }) => others)(whole));
          const readable = read.filter((flag) => Object.keys(flag).length > 1);
          for (const flag of readable) expect(whole.flags).toContainEqual(flag);
        } else {
          expect(read.some((flag) => Object.keys(flag).join() === 'key')).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

function errorOf(json: string): string | undefined {
  try {
    parseSnapshot(json);
    return undefined;
  } catch (thrown) {
    return String(thrown);
  }
}

/** Tabs are no layout where a line end stands before each. */
function plainErrorOf(json: string): string | undefined {
  return errorOf(json.replaceAll('\t', '\n\t'));
}
