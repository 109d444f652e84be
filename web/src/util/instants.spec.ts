import { describe, expect, it } from '@jest/globals';
import { sentenceParts, type SentencePart, tellInstants } from './instants.js';

const words = (text: string): SentencePart => ({ kind: 'words', text });
const instant = (at: string): SentencePart => ({ kind: 'instant', at });

describe('a sentence', () => {
  it.each<[string, readonly SentencePart[]]>([
    ['', []],
    ['No moment at all.', [words('No moment at all.')]],
    [
      'Step 2 is watched until 2026-11-21T19:43:00.000Z.',
      [words('Step 2 is watched until '), instant('2026-11-21T19:43:00.000Z'), words('.')],
    ],
    ['2026-11-21T19:43:00Z', [instant('2026-11-21T19:43:00Z')]],
    [
      'From 2026-11-21T19:43:00+01:00 to 2026-11-21T20:43Z: frozen',
      [
        words('From '),
        instant('2026-11-21T19:43:00+01:00'),
        words(' to '),
        instant('2026-11-21T20:43Z'),
        words(': frozen'),
      ],
    ],
  ])('%j names its moments', (sentence, parts) => {
    expect(sentenceParts(sentence)).toEqual(parts);
  });

  it.each([
    'A day alone is none: 2026-11-21.',
    'Without a zone it is none: 2026-11-21T19:43:00.',
    'There is no such day: 2026-13-45T19:43:00Z.',
    'backup-2026-11-21T19:43:00Z is a key',
    'https://example.com/2026-11-21T19:43:00Z/report',
  ])('%j names none', (sentence) => {
    expect(sentenceParts(sentence)).toEqual([words(sentence)]);
  });

  it('is told in a zone', () => {
    expect(tellInstants('Frozen until 2026-11-21T19:43:00+01:00.', 'utc')).toBe(
      'Frozen until 2026-11-21 18:43:00 UTC.',
    );
  });
});
