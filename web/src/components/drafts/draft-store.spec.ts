import { expect, it } from '@jest/globals';
import { keepTexts } from '../../util/kept-texts.js';
import { draftStore } from './draft-store.js';

const FULL = new DOMException('The quota has been exceeded.', 'QuotaExceededError');
const draft = { version: 3, base: { name: 'a' }, changes: { name: 'typed' } };

function aStorage() {
  const texts = new Map<string, string>();
  const storage = {
    isFull: false,
    getItem: (name: string) => texts.get(name) ?? null,
    setItem: (name: string, text: string) => {
      if (storage.isFull) throw FULL;
      texts.set(name, text);
    },
    removeItem: (name: string) => void texts.delete(name),
    clear: () => texts.clear(),
  };
  return storage;
}

it('a draft is there for the next page', () => {
  const storage = aStorage();
  const drafts = draftStore(keepTexts(() => storage));
  drafts.keep('flag', draft);
  drafts.store();
  expect(draftStore(keepTexts(() => storage)).kept('flag')).toEqual(draft);
});

it('a draft that the browser has no room for stays, and says so', () => {
  const storage = aStorage();
  const texts = keepTexts(() => storage);
  const drafts = draftStore(texts);
  storage.isFull = true;
  drafts.keep('flag', draft);
  drafts.store();
  expect(drafts.kept('flag')).toBe(draft);
  expect(texts.isShort()).toBe(true);
});

it('a draft that was discarded is not there for the next page', () => {
  const storage = aStorage();
  const drafts = draftStore(keepTexts(() => storage));
  drafts.keep('flag', draft);
  drafts.store();
  drafts.keep('flag', undefined);
  drafts.store();
  expect(draftStore(keepTexts(() => storage)).kept('flag')).toBeUndefined();
});

it('nothing of who signs out is written as the page goes', () => {
  const storage = aStorage();
  const drafts = draftStore(keepTexts(() => storage));
  drafts.keep('flag', draft);
  drafts.store();
  drafts.forget();
  drafts.store();
  expect(draftStore(keepTexts(() => storage)).kept('flag')).toBeUndefined();
});
