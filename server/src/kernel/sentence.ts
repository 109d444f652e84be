/** Words of somebody's own as the end of a sentence: with a full stop, unless they end one themselves. */
export function endSentence(words: string): string {
  const text = words.trim();
  return /[.!?…]["'”’)]?$/u.test(text) ? text : `${text}.`;
}
