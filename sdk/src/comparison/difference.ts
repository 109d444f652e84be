/**
 * One place where two results differ. Paths are JSON paths without array positions, so that the same fault has the same
 * path wherever in a list it shows: `$.items[*].price`; keys that are no identifiers are quoted: `$['content-type']`.
 */
export interface Difference {
  readonly path: string;
  readonly kind: DifferenceKind;
  /**
   * From the class of the control's value to that of the candidate's, or how far apart they are: `null→0`, `+1`, `ulp`,
   * `rounding`, `sign`, `case`, `text→number`. Of a closed vocabulary (TRANSITIONS): no part of a value is in it.
   */
  readonly transition: string;
  /**
   * What stood there; undefined on the side where it is missing. Of `size` the numbers of elements, of errors their texts.
   * Never leaves the process as it is.
   */
  readonly control: unknown;
  readonly candidate: unknown;
  /** Of two numbers. */
  readonly delta?: NumericDelta;
}

/** value: same type, other value. missing, extra: the candidate lacks it, or has it alone. order: same elements. */
export const DIFFERENCE_KINDS = ['value', 'type', 'missing', 'extra', 'order', 'size', 'error'] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** How far two numbers are apart. `relative` to the larger magnitude; `ulps` counts doubles between them. */
export interface NumericDelta {
  readonly absolute: number;
  readonly relative: number;
  readonly ulps: number;
}

/** Differences that are the same fault: same paths, kinds and transitions, whatever the values. */
export interface Signature {
  /** 16 hexadecimal digits, made of the places alone: the same in every process and version. */
  readonly id: string;
  /** Sorted by path, then kind; each once. At most SIGNATURE_PLACE_LIMIT; more are told by `isCut`. */
  readonly places: readonly SignaturePlace[];
  readonly isCut: boolean;
}

export type SignaturePlace = Pick<Difference, 'path' | 'kind' | 'transition'>;

export const SIGNATURE_PLACE_LIMIT = 20;
