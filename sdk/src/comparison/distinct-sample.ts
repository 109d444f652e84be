/** What a sample knows of an input. */
export interface Mark {
  /** Halves: of all inputs half have a level of at least 1, a quarter of at least 2. Drawn by a hash: one input has one. */
  readonly level: number;
  /** Kind of input; empty where none was declared. */
  readonly stratum: string;
}

/**
 * Of a set of inputs, all whose level is at least `depth`, by digest: with depth 0 the set itself. Of two sets the sample
 * of their union follows from their samples, in whatever order and however often they are put together (Wegman's
 * adaptive sampling; P. Flajolet, "On adaptive sampling", Computing 43, 1990).
 */
export interface DistinctSample {
  readonly depth: number;
  readonly marks: ReadonlyMap<string, Mark>;
}

/** Of marks in a sample: the standard error of a number of inputs is about 4 %, and up to so many are counted exactly. */
export const MARK_LIMIT = 1_024;
/** Of levels: those of a hash of 32 bits. */
export const LEVEL_LIMIT = 32;

export const NO_INPUTS: DistinctSample = { depth: 0, marks: new Map() };

/** The sample of the union of two sets: commutative, associative and idempotent. */
export function mergeSamples(one: DistinctSample, other: DistinctSample, limit = MARK_LIMIT): DistinctSample {
  const depth = Math.max(one.depth, other.depth);
  const marks = new Map<string, Mark>();
  for (const sample of [one, other]) {
    for (const [digest, mark] of sample.marks) {
      if (mark.level >= depth) marks.set(digest, sameMark(marks.get(digest), mark));
    }
  }
  return thinned({ depth, marks }, limit);
}

/** The shallowest sample of so many marks at most. */
export function thinned({ depth, marks }: DistinctSample, limit = MARK_LIMIT): DistinctSample {
  if (marks.size <= limit) return { depth, marks };
  const left = new Map([...marks].filter(([, { level }]) => level > depth));
  return thinned({ depth: depth + 1, marks: left }, limit);
}

/** What is said twice of one input is the same, unless somebody errs: then the order still does not matter. */
function sameMark(known: Mark | undefined, mark: Mark): Mark {
  if (known === undefined) return mark;
  const stratum = known.stratum < mark.stratum ? known.stratum : mark.stratum;
  return { level: Math.max(known.level, mark.level), stratum };
}
