import { describe, expect, it } from '@jest/globals';
import { markdownTable } from './markdown-table.js';

describe('markdownTable', () => {
  it('aligns names to the left and figures to the right', () => {
    expect(
      markdownTable(
        ['', 'S1'],
        [
          ['ours', '1.5 µs'],
          ['a | b', '—'],
        ],
      ),
    ).toBe(['|        |     S1 |', '| ------ | -----: |', '| ours   | 1.5 µs |', '| a \\| b |      — |'].join('\n'));
  });

  it('fills cells that a row lacks', () => {
    expect(markdownTable(['a', 'b'], [['x']])).toBe('| a   |   b |\n| --- | --: |\n| x   |     |');
  });
});
