import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';

/** Finds what names a segment, as paths for people: `flag/new-cart in production`. */
export type FindReferrers = (tx: Transaction, projectId: string, segmentKey: string) => Promise<readonly string[]>;

/**
 * Where modules that build on segments say how to find their uses of one, so that a segment in use is not deleted.
 * Segments know nothing of those modules.
 */
@Injectable()
export class SegmentReferrers {
  private readonly finders: FindReferrers[] = [];

  register(find: FindReferrers): void {
    this.finders.push(find);
  }

  async of(tx: Transaction, projectId: string, segmentKey: string): Promise<readonly string[]> {
    const found: string[] = [];
    for (const find of this.finders) found.push(...(await find(tx, projectId, segmentKey)));
    return found;
  }
}
