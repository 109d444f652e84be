import type { RunResult } from '@sluice/sdk';

/** Keeps what `publish` hears, after the callers have their answers. A service would count it or log it. */
export class Results {
  readonly #heard: RunResult[] = [];
  #wake = (): void => undefined;

  readonly publish = (result: RunResult): void => {
    this.#heard.push(result);
    this.#wake();
  };

  /** All of them, once there are so many: candidates may take longer than their callers wait. */
  async take(count: number): Promise<readonly RunResult[]> {
    while (this.#heard.length < count) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#heard.splice(0);
  }
}
