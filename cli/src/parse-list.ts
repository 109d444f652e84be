/** What unsets a setting, and empties a list. */
export const NONE = 'none';

/** A list that was typed word by word: undefined where none was said, so that it stays as it is; empty for `none` alone. */
export function parseList<Value>(
  texts: readonly string[],
  read: (text: string) => Value,
): readonly Value[] | undefined {
  if (texts.length === 0) return undefined;
  return texts.length === 1 && texts[0] === NONE ? [] : texts.map(read);
}
