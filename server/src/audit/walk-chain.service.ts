import { createHash } from 'node:crypto';
import type { Transaction } from '../kernel/transactions.js';
import { type ChainBreak, ChainVerifier } from './audit-entry.js';
import { AuditRepository } from './audit.repository.js';

const BATCH = 1_000;

/** The answer of a check of the whole chain. */
export interface ChainReport {
  readonly entries: number;
  readonly headHash: string;
  readonly isIntact: boolean;
  readonly firstBreak: ChainBreak | undefined;
}

/** Walks the whole chain and says where it is first broken, if anywhere. */
export async function walkChain(tx: Transaction, store = new AuditRepository()): Promise<ChainReport> {
  const verifier = new ChainVerifier(sha256);
  let last = 0;
  let count = 0;
  for (;;) {
    const batch = await store.listAfter(tx, last, BATCH);
    for (const entry of batch) verifier.follow(entry);
    count += batch.length;
    last = batch.at(-1)?.sequence ?? last;
    if (batch.length < BATCH) break;
  }
  const head = await store.head(tx);
  const firstBreak = verifier.finish(head);
  return { entries: count, headHash: head.hash, isIntact: firstBreak === undefined, firstBreak };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
