import { useEffect, useMemo, useState } from 'react';
import { tabTexts } from '../../../ui/browser-texts.js';
import {
  EMPTY_RELEASE,
  readKeptDraft,
  type ReleaseDraft,
  type ReleaseSeed,
  seeded,
  type WrittenChange,
} from '../../../util/release-draft.js';

const PREFIX = 'release-draft:';

/** The release of a project that is written in this tab of the browser: it is there again whenever its page is. */
export function useReleaseDraft(project: string, seed: ReleaseSeed) {
  const name = PREFIX + project;
  const [draft, setDraft] = useState(() => seeded(readKeptDraft(tabTexts.read(name)) ?? EMPTY_RELEASE, seed));
  useEffect(() => {
    if (draft === EMPTY_RELEASE) tabTexts.remove(name);
    else tabTexts.write(name, JSON.stringify(draft));
  }, [name, draft]);
  return useMemo(
    () => ({
      draft,
      isEmpty: draft === EMPTY_RELEASE,
      change: (changes: Partial<ReleaseDraft>): void => setDraft((before) => ({ ...before, ...changes })),
      changeAt: (index: number, changes: Partial<WrittenChange>): void =>
        setDraft((before) => ({
          ...before,
          // Its kind stays, so it is a change still.
          changes: before.changes.map((each, at) => (at === index ? ({ ...each, ...changes } as WrittenChange) : each)),
        })),
      startOver: (): void => {
        // At once: the page may be left before the next effect.
        tabTexts.remove(name);
        setDraft(EMPTY_RELEASE);
      },
    }),
    [draft, name],
  );
}

export type WrittenRelease = ReturnType<typeof useReleaseDraft>;
