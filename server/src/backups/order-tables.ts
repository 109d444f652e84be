/** A table whose rows name rows of another one. */
export interface Reference {
  readonly from: string;
  readonly to: string;
}

/** Puts tables behind all that their rows refer to, else in order of name. Throws when they refer to each other in a circle. */
export function orderTables(tables: readonly string[], references: readonly Reference[]): readonly string[] {
  const left = new Set([...tables].sort());
  const ordered: string[] = [];
  while (left.size > 0) {
    const next = [...left].find((table) =>
      references.every(({ from, to }) => from !== table || to === table || !left.has(to)),
    );
    if (next === undefined) throw new Error(`These tables refer to each other: ${[...left].join(', ')}.`);
    left.delete(next);
    ordered.push(next);
  }
  return ordered;
}
