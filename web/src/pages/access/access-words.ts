import { oneOf, searchWords, textWord, yesWord } from '../../util/search-words.js';

export const accessWords = searchWords({
  tab: oneOf(['people', 'tokens'], 'people'),
  q: textWord(),
  sort: textWord(),
  ended: yesWord(),
});

/** No change is told outside of a project: so often it is asked. */
export const ASK_MS = 5_000;
