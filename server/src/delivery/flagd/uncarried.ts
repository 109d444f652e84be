/** Something that flagd cannot say as we mean it. */
export interface Problem {
  /** Where it stands in the flag, such as `rules[0].clauses[1]`. */
  readonly path: string;
  /** A sentence that says what flagd lacks. */
  readonly reason: string;
}

/** Why a flag is left out of the document. */
export interface Uncarried extends Problem {
  readonly flag: string;
}
