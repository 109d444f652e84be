/** How long it is remembered that something was refused, and of how many things. */
const FOR_MS = 10_000;
const AT_MOST = 10_000;

/** What was refused in the last ten seconds; of more than 10 000 the oldest are forgotten. */
export class RecentRefusals {
  /** When, in the order in which it was. */
  private readonly refusedAtMs = new Map<string, number>();

  has(key: string, nowMs: number): boolean {
    const atMs = this.refusedAtMs.get(key);
    return atMs !== undefined && nowMs - atMs < FOR_MS;
  }

  add(key: string, nowMs: number): void {
    this.refusedAtMs.delete(key);
    this.refusedAtMs.set(key, nowMs);
    for (const [oldest] of this.refusedAtMs) {
      if (this.refusedAtMs.size <= AT_MOST) return;
      this.refusedAtMs.delete(oldest);
    }
  }
}
