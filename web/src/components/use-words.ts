import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { withSearch } from '../util/path-builder.js';
import type { Search, SearchWords } from '../util/search-words.js';

/**
 * The words that a page reads from its URL, and how it changes them there: `const [words, say] = useWords(…)`. What is
 * said replaces the entry of the history, so that going back leaves the page.
 */
export function useWords<Values>(
  { read, write }: SearchWords<Values>,
  search: Search,
): readonly [Values, (changes: Partial<Values>) => void] {
  const { history } = useRouter();
  const values = useMemo(() => read(search), [read, search]);
  const say = useMemo(
    () =>
      (changes: Partial<Values>): void =>
        history.replace(withSearch(history.location.pathname + history.location.search, write(changes))),
    [history, write],
  );
  return [values, say];
}
