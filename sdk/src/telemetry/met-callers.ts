/** Callers remembered per ramp. Those that come later are not counted, in either arm: a share shows in the first ones. */
const KNOWN_LIMIT = 20_000;

/**
 * Callers that a client has met in one ramp since it has its share. Units of one caller all go to one arm, so whether
 * the arms have the shares that were asked for is told from callers, each once.
 */
export class MetCallers {
  readonly #known = new Set<number>();

  constructor(
    readonly share: number,
    private readonly limit = KNOWN_LIMIT,
  ) {}

  /** Whether a caller, as a hash, is met for the first time; false for everybody once there are too many to know. */
  isNew(hash: number): boolean {
    if (this.#known.size >= this.limit || this.#known.has(hash)) return false;
    this.#known.add(hash);
    return true;
  }
}
