/**
 * Whether something matches, in Kleene's three-valued logic: the third value says that this SDK cannot tell, and why.
 * What cannot be told is never guessed: an evaluation that hangs on it answers the caller's default with an error.
 */
export type Match = boolean | Unknown;

/** Why it cannot be told: a sentence for the person who configured the flag. */
export interface Unknown {
  readonly problem: string;
  /** As an evaluation has one: what the chain of rules leads to is told apart by it. */
  readonly reason: undefined;
}

/** Answers the third value. */
export function unknown(problem: string): Unknown {
  return Object.freeze({ problem, reason: undefined });
}
