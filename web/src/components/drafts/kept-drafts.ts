import type { Draft } from '../../util/draft.js';

const PREFIX = 'draft:';

/** Drafts of what is not shown now, by the name of what they are of: for as long as this tab of the browser is open. */
const kept = new Map<string, Draft<unknown>>();

export function keepDraft(name: string, draft: Draft<unknown> | undefined): void {
  if (draft !== undefined) {
    kept.set(name, draft);
    return;
  }
  kept.delete(name);
  sessionStorage.removeItem(PREFIX + name);
}

export function keptDraft<T>(name: string): Draft<T> | undefined {
  // Under one name there are drafts of one kind.
  const known = kept.get(name) as Draft<T> | undefined;
  const stored = sessionStorage.getItem(PREFIX + name);
  return known ?? (stored === null ? undefined : (JSON.parse(stored) as Draft<T>));
}

// Only as the page goes: a draft may be large, and each key that is pressed changes it.
addEventListener('pagehide', () => {
  for (const [name, draft] of kept) {
    try {
      sessionStorage.setItem(PREFIX + name, JSON.stringify(draft));
    } catch {
      // More than the browser keeps; who edits was asked before the page went.
    }
  }
});
