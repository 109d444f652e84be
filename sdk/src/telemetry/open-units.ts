/** Units open at a time; beyond it the oldest is dropped. */
const UNIT_LIMIT = 20_000;
/** Nothing that ends takes longer. */
const MAX_AGE_MS = 3_600_000;

interface OpenUnit {
  readonly startedAtMs: number;
  drop(): void;
}

/** Units that have not ended yet. Those that never will are dropped, so that nothing piles up. */
export class OpenUnits<U extends OpenUnit> {
  /** In the order of their beginnings. */
  readonly #units = new Set<U>();
  #dropped = 0;

  constructor(
    private readonly limit = UNIT_LIMIT,
    private readonly maxAgeMs = MAX_AGE_MS,
  ) {}

  get size(): number {
    return this.#units.size;
  }

  add(unit: U): void {
    this.#units.add(unit);
    if (this.#units.size <= this.limit) return;
    for (const oldest of this.#units) {
      this.#drop(oldest);
      return;
    }
  }

  delete(unit: U): void {
    this.#units.delete(unit);
  }

  /** Drops those that are too old; answers how many were dropped since this was last asked. */
  takeDropped(nowMs: number): number {
    for (const unit of this.#units) {
      if (nowMs - unit.startedAtMs <= this.maxAgeMs) break;
      this.#drop(unit);
    }
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  #drop(unit: U): void {
    this.#units.delete(unit);
    unit.drop();
    this.#dropped += 1;
  }
}
