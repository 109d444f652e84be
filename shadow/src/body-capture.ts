/** Bytes that all captures together may hold: beyond it bodies count as too long, however short they are. */
export class CaptureBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}

/** Keeps a body that streams by, up to a limit; of one that is longer, nothing. Copies no bytes. */
export class BodyCapture {
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #isOver = false;

  constructor(
    private readonly limit: number,
    private readonly budget: CaptureBudget,
  ) {}

  /** The body is longer than what is kept. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get chunks(): readonly Uint8Array[] {
    return this.#chunks;
  }

  add(chunk: Uint8Array): void {
    if (this.#isOver) return;
    if (this.#bytes + chunk.length > this.limit || !this.budget.take(chunk.length)) {
      this.#isOver = true;
      this.release();
      return;
    }
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /** Lets go of what is kept. */
  release(): void {
    this.budget.giveBack(this.#bytes);
    this.#chunks = [];
    this.#bytes = 0;
  }
}
