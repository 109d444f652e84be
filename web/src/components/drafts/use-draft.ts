import { useCallback, useEffect, useMemo, useState } from 'react';
import { contentOf, type Draft, edited } from '../../util/draft.js';
import { keptDrafts } from './kept-drafts.js';

/** Something with a version that is edited as a whole. */
export interface Versioned<T> {
  readonly version: number;
  readonly content: T;
}

export type DraftOf<T extends object> = ReturnType<typeof useDraft<T>>;

/**
 * Edits of something that stay until they are stored or discarded: when another tab of the page is shown, when the page
 * is loaded again, when the session ends. Each edit gives the fields that change, from what the draft is then.
 */
export function useDraft<T extends object>(name: string, asked: Versioned<T>) {
  const [draft, setDraft] = useState(() => keptDrafts.kept<T>(name));
  const [landed, setLanded] = useState<Versioned<T>>();
  // What was just stored is newer than what was last asked for, until that is asked again.
  const stored = landed !== undefined && landed.version > asked.version ? landed : asked;
  useEffect(() => keptDrafts.keep(name, draft), [name, draft]);

  const edit = useCallback(
    (change: (content: T) => Partial<T>) =>
      setDraft((before) => {
        const from: Draft<T> = before ?? { version: stored.version, base: stored.content, changes: {} };
        return edited(from, change(contentOf(from)));
      }),
    [stored],
  );
  const discard = useCallback(() => setDraft(undefined), []);
  const land = useCallback((now: Versioned<T>) => {
    setLanded(now);
    setDraft(undefined);
  }, []);
  const content = useMemo(() => (draft === undefined ? stored.content : contentOf(draft)), [draft, stored]);
  const result = useMemo(() => contentOf({ base: stored.content, changes: draft?.changes ?? {} }), [draft, stored]);
  return {
    /** As it is edited. */
    content,
    /** What would be stored over what is stored now. */
    result,
    /** What is stored, as far as is known. */
    stored,
    /** What the edits began from; as stored where there are none. */
    base: draft?.base ?? stored.content,
    version: draft?.version ?? stored.version,
    changes: draft?.changes,
    /** Somebody stored a change since the edits began. */
    isStale: draft !== undefined && draft.version < stored.version,
    edit,
    discard,
    /** Takes what was stored in place of the edits. */
    land,
  };
}
