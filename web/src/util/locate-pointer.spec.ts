import { describe, expect, it } from '@jest/globals';
import { lineOfPointer } from './locate-pointer.js';

const JSON_TEXT = `{
  "a/b": { "x": 1 },
  "steps": [
    { "share": 1, "gates": [] },
    {
      "share": 2,
      "gates": [{ "kind": "approval" },
        "}], : \\" {"]
    }
  ],
  "share": true
}`;

describe('the line of a pointer', () => {
  it.each([
    ['', 1],
    ['/a~1b/x', 2],
    ['/steps', 3],
    ['/steps/0/share', 4],
    ['/steps/1', 5],
    ['/steps/1/share', 6],
    ['/steps/1/gates/0/kind', 7],
    ['/steps/1/gates/1', 8],
    ['/share', 11],
    ['/steps/1/holdSeconds', 5],
    ['/nowhere', 1],
  ])('%s is %d', (pointer, line) => {
    expect(lineOfPointer(JSON_TEXT, pointer)).toBe(line);
  });

  it('is unknown where the text is no JSON', () => {
    expect(lineOfPointer('{', '/a')).toBeUndefined();
  });
});
