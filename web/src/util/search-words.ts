/** What stands behind the question mark, name by name. */
export type Search = Readonly<Record<string, string>>;

/** One word of a URL: how it is read, and what it is where it is not said. */
interface Word<T> {
  readonly absent: T;
  readonly read: (text: string) => T | undefined;
  readonly write: (value: T) => string;
}

/** Any text, such as a filter that is typed. */
export function textWord(absent = ''): Word<string> {
  return { absent, read: (text) => text, write: (value) => value };
}

/** One of a closed list; anything else is as if it were not said. */
export function oneOf<const T extends string>(values: readonly T[], absent: T): Word<T> {
  return { absent, read: (text) => values.find((value) => value === text), write: (value) => value };
}

/** Yes or no. */
export function yesWord(): Word<boolean> {
  return { absent: false, read: (text) => text === 'yes', write: (value) => (value ? 'yes' : '') };
}

/** Several, comma-separated, in any order. */
export function manyOf<const T extends string>(values: readonly T[]): Word<readonly T[]> {
  return {
    absent: [],
    read: (text) => values.filter((value) => text.split(',').includes(value)),
    write: (value) => value.join(','),
  };
}

type ValuesOf<W> = { readonly [Name in keyof W]: W[Name] extends { readonly absent: infer T } ? T : never };

/** The words that a page reads from its URL, and how it writes them there. */
export interface SearchWords<Values> {
  readonly read: (search: Search) => Values;
  /** What is as where nothing is said is undefined: it leaves the URL. */
  readonly write: (values: Partial<Values>) => Readonly<Record<string, string | undefined>>;
}

export function searchWords<const W extends Readonly<Record<string, { readonly absent: unknown }>>>(
  words: W,
): SearchWords<ValuesOf<W>> {
  // Words of any type, as each value is written by the word that read it.
  const entries = Object.entries(words) as unknown as readonly [string, Word<unknown>][];
  return {
    read: (search) =>
      Object.fromEntries(
        entries.map(([name, word]) => {
          const text = search[name];
          return [name, text === undefined ? word.absent : (word.read(text) ?? word.absent)];
        }),
      ) as ValuesOf<W>, // one value for each word
    write: (values) =>
      Object.fromEntries(
        entries
          .filter(([name]) => name in values)
          .map(([name, word]) => {
            const text = word.write((values as Readonly<Record<string, unknown>>)[name]);
            return [name, text === word.write(word.absent) ? undefined : text];
          }),
      ),
  };
}

/** The values of a page's words. */
export type WordsOf<W> = W extends SearchWords<infer Values> ? Values : never;
