import { describe, expect, it } from '@jest/globals';
import { keepTexts, type TextStorage } from './kept-texts.js';

/** A storage with room for so many characters. */
function storageOf(room: number): TextStorage {
  const texts = new Map<string, string>();
  return {
    getItem: (name) => texts.get(name) ?? null,
    setItem: (name, text) => {
      if (text.length > room) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
      texts.set(name, text);
    },
    removeItem: (name) => void texts.delete(name),
    clear: () => texts.clear(),
  };
}

describe('texts that are kept', () => {
  it('are there for the next page', () => {
    const storage = storageOf(10);
    const texts = keepTexts(() => storage);
    texts.write('a', 'typed');
    expect(texts.isShort()).toBe(false);
    expect(keepTexts(() => storage).read('a')).toBe('typed');
    texts.remove('a');
    expect(keepTexts(() => storage).read('a')).toBeUndefined();
  });

  it('stay with the page where there is no room for them', () => {
    const storage = storageOf(5);
    const texts = keepTexts(() => storage);
    texts.write('a', 'typed');
    texts.write('a', 'typed more');
    expect(texts.read('a')).toBe('typed more');
    expect(texts.isShort()).toBe(true);
    expect(keepTexts(() => storage).read('a')).toBe('typed');
    texts.write('a', 'less');
    expect([texts.read('a'), texts.isShort()]).toEqual(['less', false]);
  });

  it('stay with the page where the browser gives no storage', () => {
    const texts = keepTexts(() => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    });
    expect(texts.read('a')).toBeUndefined();
    texts.write('a', 'typed');
    expect(texts.read('a')).toBe('typed');
    texts.remove('a');
    expect(texts.read('a')).toBeUndefined();
  });

  it('are gone once they are cleared', () => {
    const storage = storageOf(5);
    const texts = keepTexts(() => storage);
    texts.write('a', 'typed');
    texts.write('b', 'typed more');
    texts.clear();
    expect([texts.read('a'), texts.read('b'), texts.isShort()]).toEqual([undefined, undefined, false]);
  });
});
