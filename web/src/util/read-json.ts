/** Any JSON value. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/** What a text that is to be JSON turned out to be. */
export type ReadJson =
  { readonly kind: 'nothing' } | { readonly kind: 'value'; readonly value: Value } | { readonly kind: 'wrong' };

/** Reads what was typed into a field for JSON; where nothing was, that is told apart from what is wrong. */
export function readJson(text: string): ReadJson {
  if (text.trim() === '') return { kind: 'nothing' };
  try {
    // What JSON.parse answers is a value of JSON.
    return { kind: 'value', value: JSON.parse(text) as Value };
  } catch {
    return { kind: 'wrong' };
  }
}
