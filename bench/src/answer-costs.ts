/** What a process has cost so far, by its own account. */
export interface ProcessCosts {
  readonly cpuMs: number;
  /** Memory of the process after a collection, if node was given `--expose-gc`. */
  readonly rssBytes: number;
  /** What its objects and their buffers take of that: the rest may be pages that the engine keeps for later. */
  readonly heapBytes: number;
}

/** Tells the parent what this process costs whenever it asks, by whatever message; ends with it. */
export function answerCosts(): void {
  process.on('message', () => {
    globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, external } = process.memoryUsage();
    const costs: ProcessCosts = { cpuMs: (user + system) / 1_000, rssBytes: rss, heapBytes: heapUsed + external };
    process.send?.(costs);
  });
  // Nothing is left behind when the bench is interrupted.
  process.on('disconnect', () => process.exit());
}
