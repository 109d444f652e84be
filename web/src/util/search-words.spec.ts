import { describe, expect, it } from '@jest/globals';
import { manyOf, oneOf, searchWords, textWord, yesWord } from './search-words.js';

const words = searchWords({
  q: textWord(),
  sort: oneOf(['key', '-key'], 'key'),
  stale: yesWord(),
  status: manyOf(['running', 'holding']),
});

describe('words of a URL', () => {
  it('are what they are by default where nothing is said', () => {
    expect(words.read({})).toEqual({ q: '', sort: 'key', stale: false, status: [] });
  });

  it('are read; what means nothing is as if it were not said', () => {
    expect(words.read({ q: 'a', sort: 'size', stale: 'yes', status: 'holding,none', other: '1' })).toEqual({
      q: 'a',
      sort: 'key',
      stale: true,
      status: ['holding'],
    });
  });

  it('are written; what is as by default leaves the URL', () => {
    expect(words.write({ q: '', sort: '-key', stale: true })).toEqual({ q: undefined, sort: '-key', stale: 'yes' });
    expect(words.write({ status: ['running', 'holding'], sort: 'key' })).toEqual({
      status: 'running,holding',
      sort: undefined,
    });
  });
});
