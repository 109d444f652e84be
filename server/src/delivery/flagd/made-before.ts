/** Answers parts by kind and key. */
type Asks<Parts> = { readonly [Kind in keyof Parts]: (key: string) => Parts[Kind] };

interface Made<Parts, Result> {
  readonly parts: readonly { readonly kind: keyof Parts; readonly key: string; readonly part: unknown }[];
  readonly result: Result;
}

/**
 * Remembers what was made of each thing and of the parts that were asked for meanwhile: as long as these are the same,
 * asked for in the same order, nothing is made anew.
 */
export class MadeBefore<Source extends object, Parts, Result> {
  private readonly made = new WeakMap<Source, Made<Parts, Result>>();

  get(source: Source, asks: Asks<Parts>, make: (asks: Asks<Parts>) => Result): Result {
    const known = this.made.get(source);
    if (known?.parts.every(({ kind, key, part }) => asks[kind](key) === part) === true) return known.result;
    const parts: { kind: keyof Parts; key: string; part: unknown }[] = [];
    const noting = <Kind extends keyof Parts>(kind: Kind) => {
      return (key: string): Parts[Kind] => {
        const part = asks[kind](key);
        parts.push({ kind, key, part });
        return part;
      };
    };
    const kinds = Object.keys(asks) as (keyof Parts)[]; // safe: it has these
    const noted = Object.fromEntries(kinds.map((kind) => [kind, noting(kind)])) as Asks<Parts>; // safe: of each kind
    const result = make(noted);
    this.made.set(source, { parts, result });
    return result;
  }
}
