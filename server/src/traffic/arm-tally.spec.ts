import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addLines, type Tallies, tallyOf } from './arm-tally.js';

it('counts arms per generation, and nothing else', () => {
  const { tallies, rest } = addLines(new Map(), 's aa\nc aa\nc aa\nx aa\nhello\n\ns bb\nc b');
  expect(tallyOf(tallies, 'aa')).toEqual({ stable: 1, candidate: 2 });
  expect(tallyOf(tallies, 'bb')).toEqual({ stable: 1, candidate: 0 });
  expect(tallyOf(tallies, 'cc')).toEqual({ stable: 0, candidate: 0 });
  expect(rest).toBe('c b');
});

it('counts the same in pieces as in one', () => {
  const line = fc.constantFrom('s aa\n', 'c aa\n', 's bb\n', 'other\n');
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat({ max: 12 })), (lines, cuts) => {
      const text = lines.join('');
      let tallies: Tallies = new Map();
      let rest = '';
      let from = 0;
      for (const cut of [...cuts, text.length]) {
        ({ tallies, rest } = addLines(tallies, rest + text.slice(from, from + cut)));
        from += cut;
      }
      expect(rest).toBe('');
      expect(tallies).toEqual(addLines(new Map(), text).tallies);
    }),
  );
});
