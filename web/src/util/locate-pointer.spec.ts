import { describe, expect, it } from '@jest/globals';
import { placeOfPointer } from './locate-pointer.js';

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

describe('the place of a pointer', () => {
  it.each([
    ['', 1, 1],
    ['/a~1b/x', 2, 17],
    ['/steps', 3, 12],
    ['/steps/0/share', 4, 16],
    ['/steps/1', 5, 5],
    ['/steps/1/share', 6, 16],
    ['/steps/1/gates/0/kind', 7, 27],
    ['/steps/1/gates/1', 8, 9],
    ['/share', 11, 12],
    ['/steps/1/holdSeconds', 5, 5],
    ['/nowhere', 1, 1],
  ])('%s is at %d:%d', (pointer, line, column) => {
    expect(placeOfPointer(JSON_TEXT, pointer)).toEqual({ line, column });
  });
});
