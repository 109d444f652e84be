import { describe, expect, it } from '@jest/globals';
import { formatPosition, revisionOfPosition } from './position.js';

describe('a position', () => {
  it('names the revision and the beginning of its content hash', () => {
    expect(formatPosition(12, 'abcdefghijklmnopqrstuvwxyz')).toBe('12.abcdefghijklmnop');
    expect(revisionOfPosition('12.abcdefghijklmnop')).toBe(12);
  });

  it.each([undefined, '', '12', '.a', '-1.a', '1e9.a', '99999999999999999.a', 'x.y'])('%p is none of ours', (text) =>
    expect(revisionOfPosition(text)).toBeUndefined(),
  );
});
