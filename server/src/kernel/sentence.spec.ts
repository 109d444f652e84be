import { expect, it } from '@jest/globals';
import { endSentence } from './sentence.js';

it.each([
  ['Paused by Ann: lunch', 'Paused by Ann: lunch.'],
  ['Paused by Ann: lunch. ', 'Paused by Ann: lunch.'],
  ['Why not?', 'Why not?'],
  ['She said "stop."', 'She said "stop."'],
  ['It went on…', 'It went on…'],
  ['at 5 %', 'at 5 %.'],
])('ends %p as %p', (words, sentence) => expect(endSentence(words)).toBe(sentence));
