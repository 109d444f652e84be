import { describe, expect, it } from '@jest/globals';
import { readDocument } from './read-yaml.js';

const POLICY = `# how we roll out
steps:
  - share: 5000
    holdSeconds: 60 # a minute
  - &last
    share: 100000
    gates: [{ kind: approval }]
off: no
again: *last
`;

describe('a document', () => {
  it('may be YAML, whose comments are left out and whose words are what YAML 1.2 has them be', () => {
    const last = { share: 100_000, gates: [{ kind: 'approval' }] };
    expect(readDocument(POLICY)).toMatchObject({
      kind: 'value',
      value: { steps: [{ share: 5_000, holdSeconds: 60 }, last], off: 'no', again: last },
    });
  });

  it.each([
    ['', 2, 1],
    ['/steps', 2, 1],
    ['/steps/0/share', 3, 5],
    ['/steps/1', 6, 5],
    ['/steps/1/gates/0/kind', 7, 15],
    ['/steps/1/name', 6, 5],
    ['/again/share', 6, 5],
    ['/nowhere', 2, 1],
  ])('has %j at %d:%d', (pointer, line, column) => {
    const read = readDocument(POLICY);
    expect(read.kind === 'value' && read.placeOf(pointer)).toEqual({ line, column });
  });

  it('may be JSON still, be it indented by tabs', () => {
    const read = readDocument('{\n\t"steps": []\n}');
    expect(read).toMatchObject({ kind: 'value', value: { steps: [] } });
    expect(read.kind === 'value' && read.placeOf('/steps')).toEqual({ line: 2, column: 11 });
  });

  it.each(['', '  \n', '# nothing but words\n'])('may be nothing: %j', (text) => {
    expect(readDocument(text)).toEqual({ kind: 'nothing' });
  });

  it.each([
    ['steps: [\n  1,\n', 3, 1],
    ['{"a": 1,\n "b" 2}', 2, 6],
    ['a: 1\na: 2\n', 2, 1],
    ['a: 1\n? [b]\n: 2\n', 2, 3],
    ['least: .nan\n', 1, 8],
    ['a: 1\n---\nb: 2\n', 2, 1],
  ])('is wrong where it cannot be read: %j', (text, line, column) => {
    const read = readDocument(text);
    expect(read).toMatchObject({ kind: 'wrong', place: { line, column } });
    expect(read.kind === 'wrong' && read.message).not.toBe('');
  });

  it('is wrong where it would fill the memory', () => {
    const lines = Array.from({ length: 12 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at}, `.repeat(9)}]`);
    expect(readDocument(['l0: &l0 [x]', ...lines].join('\n'))).toMatchObject({ kind: 'wrong' });
  });
});
