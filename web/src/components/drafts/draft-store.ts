import type { Draft } from '../../util/draft.js';
import type { KeptTexts } from '../../util/kept-texts.js';

const PREFIX = 'draft:';

/** Drafts of what is not shown now, by the name of what they are of. */
export interface DraftStore {
  readonly keep: (name: string, draft: Draft<unknown> | undefined) => void;
  readonly kept: <T>(name: string) => Draft<T> | undefined;
  /** Writes all of them for the next page: not before it comes, for a draft may be large, and each key changes it. */
  readonly store: () => void;
  /** None of them is there any more, nor written later. */
  readonly forget: () => void;
}

export function draftStore(texts: KeptTexts): DraftStore {
  const drafts = new Map<string, Draft<unknown>>();
  return {
    keep: (name, draft) => {
      if (draft !== undefined) {
        drafts.set(name, draft);
        return;
      }
      drafts.delete(name);
      texts.remove(PREFIX + name);
    },
    kept: <T>(name: string) => {
      // Under one name there are drafts of one kind.
      const known = drafts.get(name) as Draft<T> | undefined;
      const text = texts.read(PREFIX + name);
      return known ?? (text === undefined ? undefined : (JSON.parse(text) as Draft<T>));
    },
    store: () => {
      for (const [name, draft] of drafts) texts.write(PREFIX + name, JSON.stringify(draft));
    },
    forget: () => {
      for (const name of drafts.keys()) texts.remove(PREFIX + name);
      drafts.clear();
    },
  };
}
