import { Injectable } from '@nestjs/common';

/** What answers at once is taken at once; what does not is taken at a later tick. */
const PATIENCE_MS = 100;
/** Answers that nobody came back for belong to rollouts that have ended. */
const KEPT_MS = 300_000;

interface Inquiry {
  readonly answer: Promise<unknown>;
  /** Milliseconds since the process began; undefined while it is under way. */
  endedAtMs: number | undefined;
}

/**
 * Questions to others that are under way. No tick waits for one: a gate or a provider that hangs would otherwise keep
 * every rollout of the server from being judged. What a crash loses is asked again.
 */
@Injectable()
export class Inquiries {
  private readonly underWay = new Map<string, Inquiry>();

  /** Asks, unless it is being asked already; the answer once it is there, undefined before. Never rejects. */
  async ask<T>(key: string, question: () => Promise<T>): Promise<T | undefined> {
    this.forgetOld();
    const inquiry = this.underWay.get(key) ?? this.begin(key, question);
    if (inquiry.endedAtMs === undefined) await this.patience(inquiry);
    if (inquiry.endedAtMs === undefined) return undefined;
    this.underWay.delete(key);
    // Whoever asks under a key asks the same question.
    return inquiry.answer as Promise<T | undefined>;
  }

  private begin(key: string, question: () => Promise<unknown>): Inquiry {
    const inquiry: Inquiry = {
      answer: question()
        .catch(() => undefined)
        .finally(() => (inquiry.endedAtMs = performance.now())),
      endedAtMs: undefined,
    };
    this.underWay.set(key, inquiry);
    return inquiry;
  }

  private async patience({ answer }: Inquiry): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([answer, new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)))]);
    clearTimeout(timer);
  }

  private forgetOld(): void {
    const before = performance.now() - KEPT_MS;
    for (const [key, { endedAtMs }] of this.underWay) {
      if (endedAtMs !== undefined && endedAtMs < before) this.underWay.delete(key);
    }
  }
}
