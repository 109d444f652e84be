import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import type { RequestContext, SessionMark } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { AuthConfig } from '../platform/config/auth.js';
import { Sweep } from '../platform/jobs/sweep.js';
import { isStanding } from './session.js';
import { SessionsRepository } from './sessions.repository.js';
import { TokenDirectory } from './token-directory.service.js';

/** Within a second, what was taken away is gone from open streams too. */
const SWEEP_MS = 500;

interface Watch {
  readonly session: SessionMark;
  readonly onEnd: () => void;
}

/** Tells who keeps something open for a caller when that caller may no longer have it. */
@Injectable()
export class CallerWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly watches = new Set<Watch>();
  private readonly sweep = new Sweep(() => this.endWhatChanged(), {
    everyMs: SWEEP_MS,
    what: 'Looking for ended sessions',
  });

  constructor(
    private readonly transactions: Transactions,
    private readonly sessions: SessionsRepository,
    private readonly tokens: TokenDirectory,
    private readonly clock: Clock,
    private readonly config: AuthConfig,
  ) {}

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }

  /**
   * Calls back once, within a second, when a caller's token or session ends, or when what they may do changes: whoever
   * may go on comes back and is let in anew. Returns the way to stop watching.
   */
  watch({ actor, session }: RequestContext, onEnd: () => void): () => void {
    if (session === undefined) {
      const token = this.tokens.recallById(actor.id);
      if (token !== undefined) return this.tokens.watchEnd(token, onEnd);
      onEnd();
      return () => undefined;
    }
    const watch = { session, onEnd };
    this.watches.add(watch);
    return () => this.watches.delete(watch);
  }

  private async endWhatChanged(): Promise<void> {
    if (this.watches.size === 0) return;
    const watches = [...this.watches];
    const ids = [...new Set(watches.map(({ session }) => session.id))];
    const found = await this.transactions.read((tx) => this.sessions.listStandings(tx, ids));
    const now = this.clock.now();
    const versions = new Map(
      found
        .filter((each) => isStanding(each, now, this.config.sessionIdleMs))
        .map(({ id, accessVersion }) => [id, accessVersion]),
    );
    for (const watch of watches) {
      if (versions.get(watch.session.id) === watch.session.accessVersion) continue;
      if (this.watches.delete(watch)) watch.onEnd();
    }
  }
}
