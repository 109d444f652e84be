import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import type { Json } from '../kernel/json.js';
import { type Page, type PageRequest, toPage } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { Outbox } from '../platform/outbox/outbox.js';
import { AUDIT_RECORDED, recordedOf } from './audit-recorded.js';
import { type AuditEntry, type AuditFilter, appendEntry } from './audit-entry.js';
import { AuditRepository } from './audit.repository.js';
import { type ChainReport, sha256, walkChain } from './walk-chain.service.js';

/** What a use case says it did. Absent `before`: it did not exist; absent `after`: it is gone. */
export interface AuditRecord {
  readonly projectId?: string;
  readonly subject: string;
  readonly before?: object;
  readonly after?: object;
}

@Injectable()
export class AuditService {
  /** The walk over the chain that is under way, if any. */
  private walk: Promise<ChainReport> | undefined;

  constructor(
    private readonly transactions: Transactions,
    private readonly entries: AuditRepository,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Records what a use case did, inside its transaction; listeners hear of it when that has committed. Call it last: it takes the end of the chain, and every
   * other writer waits until this transaction is over.
   */
  async record(tx: Transaction, ctx: RequestContext, action: string, record: AuditRecord): Promise<void> {
    const head = await this.entries.lockHead(tx);
    const entry = appendEntry(
      head,
      {
        at: this.clock.now(),
        actor: { kind: ctx.actor.kind, id: ctx.actor.id, name: ctx.actor.name },
        action,
        projectId: record.projectId ?? null,
        subject: record.subject,
        requestId: ctx.requestId,
        before: toJson(record.before),
        after: toJson(record.after),
      },
      sha256,
    );
    await this.entries.append(tx, entry);
    await this.outbox.append(tx, AUDIT_RECORDED, recordedOf(entry));
  }

  /** The newest entries first; the caller narrows them to what may be seen. */
  async list(filter: AuditFilter, { limit, after }: PageRequest): Promise<Page<AuditEntry>> {
    const before = after === undefined ? undefined : Number(after);
    const rows = await this.transactions.read((tx) =>
      this.entries.listBefore(tx, filter, { before, limit: limit + 1 }),
    );
    return toPage(rows, limit, (entry) => String(entry.sequence));
  }

  /** The entry of a sequence within a filter, in the caller's transaction; null when there is none. */
  async find(tx: Transaction, sequence: number, filter: AuditFilter): Promise<AuditEntry | null> {
    const [entry] = await this.entries.listBefore(tx, filter, { before: sequence + 1, limit: 1 });
    return entry?.sequence === sequence ? entry : null;
  }

  /**
   * Walks the whole chain and says where it is first broken, if anywhere. A process walks once at a time: who asks
   * meanwhile gets what that walk finds, which may lack what was recorded after it began.
   */
  verify(): Promise<ChainReport> {
    this.walk ??= this.transactions.read((tx) => walkChain(tx, this.entries)).finally(() => (this.walk = undefined));
    return this.walk;
  }
}

/** What JSON makes of a domain value: dates as text, absent fields left out. */
function toJson(value: object | undefined): Json {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json);
}
