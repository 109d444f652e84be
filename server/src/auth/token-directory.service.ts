import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Transactions } from '../kernel/transactions.js';
import { Bus } from '../platform/bus/bus.js';
import { Sweep } from '../platform/jobs/sweep.js';
import { type AccessToken, endOf, isUsable } from './access-token.js';
import { TOKEN_CHANGED } from './token-changed.js';
import { TokensRepository } from './tokens.repository.js';

/** How often revocations that the bus did not tell of are looked for. */
const SWEEP_MS = 500;
/** Looking back further than one sweep covers replicas whose clocks differ. */
const SWEEP_LOOK_BACK_MS = 30_000;
/** Node's longest timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface Watch {
  readonly token: AccessToken;
  readonly onEnd: () => void;
  timer: NodeJS.Timeout | undefined;
}

/** The tokens in use, held in memory: looking one up again asks no database, and a revoked one is gone at once. */
@Injectable()
export class TokenDirectory implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(TokenDirectory.name);
  private readonly known = new Map<string, AccessToken>();
  private readonly hashes = new Map<string, string>();
  private readonly watches = new Map<string, Set<Watch>>();
  private readonly sweep = new Sweep(() => this.sweepRevocations(), {
    everyMs: SWEEP_MS,
    what: 'Looking for revoked tokens',
  });
  private readonly unsubscribe: (() => void)[] = [];

  constructor(
    private readonly transactions: Transactions,
    private readonly tokens: TokensRepository,
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.unsubscribe.push(
      this.bus.subscribe(TOKEN_CHANGED, ({ hash }) => this.refreshInBackground([hash])),
      this.bus.onGap(() => this.sweep.wake()),
    );
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    for (const watches of this.watches.values()) for (const watch of watches) clearTimeout(watch.timer);
    return this.sweep.stop();
  }

  /** The token of a hash if it is in memory already; asks no database. */
  recall(hash: string): AccessToken | undefined {
    const token = this.known.get(hash);
    return token !== undefined && isUsable(token, this.clock.now()) ? token : undefined;
  }

  /** The token of a hash if it works now. */
  async find(hash: string): Promise<AccessToken | undefined> {
    const recalled = this.recall(hash);
    if (recalled !== undefined) return recalled;
    return this.remember(await this.transactions.read((tx) => this.tokens.findByHash(tx, hash)));
  }

  /** As recall, by the token's id. */
  recallById(id: string): AccessToken | undefined {
    const hash = this.hashes.get(id);
    return hash === undefined ? undefined : this.recall(hash);
  }

  /** As find, by the token's id: for who proves a token without showing it. */
  async findById(id: string): Promise<AccessToken | undefined> {
    return this.recallById(id) ?? this.remember(await this.transactions.read((tx) => this.tokens.find(tx, id)));
  }

  /** Calls back once when a token stops working, by revocation or expiry. Returns the way to stop watching. */
  watchEnd(token: AccessToken, onEnd: () => void): () => void {
    const watch: Watch = { token, onEnd, timer: undefined };
    const watches = this.watches.get(token.hash) ?? new Set();
    this.watches.set(token.hash, watches.add(watch));
    this.arm(watch, token);
    return () => this.forget(watch);
  }

  private remember(token: AccessToken | null): AccessToken | undefined {
    if (token === null || !isUsable(token, this.clock.now())) return undefined;
    this.known.set(token.hash, token);
    this.hashes.set(token.id, token.hash);
    return token;
  }

  private arm(watch: Watch, token: AccessToken): void {
    clearTimeout(watch.timer);
    const end = endOf(token);
    if (end === null) return;
    const inMs = end.getTime() - this.clock.now().getTime();
    if (inMs <= 0) this.end(watch);
    else watch.timer = setTimeout(() => this.arm(watch, token), Math.min(inMs, MAX_TIMER_MS)).unref();
  }

  private end(watch: Watch): void {
    this.forget(watch);
    watch.onEnd();
  }

  private forget(watch: Watch): void {
    clearTimeout(watch.timer);
    const watches = this.watches.get(watch.token.hash);
    watches?.delete(watch);
    if (watches?.size === 0) this.watches.delete(watch.token.hash);
  }

  private async sweepRevocations(): Promise<void> {
    const since = new Date(this.clock.now().getTime() - SWEEP_LOOK_BACK_MS);
    const revoked = await this.transactions.read((tx) => this.tokens.listRevokedSince(tx, since));
    this.refreshInBackground(revoked.filter((hash) => this.known.get(hash)?.revokedAt === null));
  }

  private refreshInBackground(hashes: readonly string[]): void {
    for (const hash of hashes) {
      this.refresh(hash).catch((error: unknown) => this.logger.warn(error, 'Re-reading a token failed; trying again.'));
    }
  }

  private async refresh(hash: string): Promise<void> {
    if (!this.known.has(hash) && !this.watches.has(hash)) return;
    const token = await this.transactions.read((tx) => this.tokens.findByHash(tx, hash));
    if (token === null) return;
    this.known.set(hash, token);
    for (const watch of this.watches.get(hash) ?? []) this.arm(watch, token);
  }
}
