import { expect, it } from '@jest/globals';
import { keepTexts } from './kept-texts.js';
import { isOfAnother } from './tab-owner.js';

function someTexts() {
  const texts = new Map<string, string>();
  return keepTexts(() => ({
    getItem: (name) => texts.get(name) ?? null,
    setItem: (name, text) => void texts.set(name, text),
    removeItem: (name) => void texts.delete(name),
    clear: () => texts.clear(),
  }));
}

it('a tab is of whoever signed in first, until nothing of them is kept', () => {
  const texts = someTexts();
  expect(isOfAnother(texts, 'ann')).toBe(false);
  expect(isOfAnother(texts, 'ann')).toBe(false);
  expect(isOfAnother(texts, 'ben')).toBe(true);
  // Still: to be asked changes nothing.
  expect(isOfAnother(texts, 'ben')).toBe(true);
  texts.clear();
  expect(isOfAnother(texts, 'ben')).toBe(false);
  expect(isOfAnother(texts, 'ann')).toBe(true);
});
