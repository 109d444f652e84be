import canonicalize from 'canonicalize';
import type { Json } from '../kernel/json.js';

/** One thing that was done: by whom, to what, and how it looked before and after. */
export interface AuditEntry {
  /** 1 for the first entry of the instance, without gaps. */
  readonly sequence: number;
  readonly at: Date;
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string };
  /** Subject and past tense: `flag.created`. */
  readonly action: string;
  readonly projectId: string | null;
  /** What it was done to, as a path of keys: `flag/new-cart` or `flag/new-cart/production`. */
  readonly subject: string;
  readonly requestId: string;
  readonly before: Json;
  readonly after: Json;
  readonly previousHash: string;
  readonly hash: string;
}

/** What a list of entries is narrowed to; null is not at all, as undefined is. */
export interface AuditFilter {
  readonly projectId?: string | null | undefined;
  /** A subject, and all that is below it. */
  readonly subject?: string | null | undefined;
  /** A subject alone. */
  readonly exactSubject?: string | undefined;
  /** Id of who did it. */
  readonly actor?: string | null | undefined;
  /** An action, and all that begin with it and a dot. */
  readonly action?: string | null | undefined;
  /** The earliest. */
  readonly from?: Date | null | undefined;
  /** What comes before it. */
  readonly to?: Date | null | undefined;
}

/** Whether a cursor is one of a list of entries. */
export const isSequence = (sortKey: string): boolean => /^[1-9]\d{0,9}$/u.test(sortKey) && Number(sortKey) < 2 ** 31;

/** The end of the chain: the number and hash of the last entry; 0 and '' when there is none. */
export interface AuditHead {
  readonly sequence: number;
  readonly hash: string;
}

type Sha256 = (text: string) => string;

/** The hash of an entry: SHA-256 over the previous hash and the entry's canonical JSON (RFC 8785). */
export function hashEntry(entry: Omit<AuditEntry, 'hash'>, sha256: Sha256): string {
  const text = canonicalize({ ...entry, at: entry.at.toISOString() });
  return sha256(text ?? '');
}

/** Makes the next entry of the chain. */
export function appendEntry(
  head: AuditHead,
  entry: Omit<AuditEntry, 'sequence' | 'previousHash' | 'hash'>,
  sha256: Sha256,
): AuditEntry {
  const linked = { ...entry, sequence: head.sequence + 1, previousHash: head.hash };
  return { ...linked, hash: hashEntry(linked, sha256) };
}

/** Where a chain is broken and how; undefined while it holds. */
export interface ChainBreak {
  readonly sequence: number;
  readonly problem: 'missing' | 'altered' | 'reordered' | 'truncated';
}

/** Follows a chain entry by entry and stops at the first break. */
export class ChainVerifier {
  private head: AuditHead = { sequence: 0, hash: '' };
  private found: ChainBreak | undefined;

  constructor(private readonly sha256: Sha256) {}

  /** Looks at the next entry in order of sequence. */
  follow(entry: AuditEntry): void {
    if (this.found === undefined) this.found = this.findBreak(entry);
    this.head = { sequence: entry.sequence, hash: entry.hash };
  }

  /** Ends the walk at the head the store remembers. */
  finish(head: AuditHead): ChainBreak | undefined {
    if (this.found !== undefined) return this.found;
    const isWhole = head.sequence === this.head.sequence && head.hash === this.head.hash;
    return isWhole ? undefined : { sequence: this.head.sequence + 1, problem: 'truncated' };
  }

  private findBreak(entry: AuditEntry): ChainBreak | undefined {
    const expected = this.head.sequence + 1;
    if (entry.sequence !== expected) return { sequence: expected, problem: 'missing' };
    if (entry.hash !== hashEntry(withoutHash(entry), this.sha256)) return { sequence: expected, problem: 'altered' };
    if (entry.previousHash !== this.head.hash) return { sequence: expected, problem: 'reordered' };
    return undefined;
  }
}

function withoutHash({ hash: _hash, ...rest }: AuditEntry): Omit<AuditEntry, 'hash'> {
  return rest;
}
