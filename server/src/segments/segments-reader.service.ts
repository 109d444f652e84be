import { Injectable } from '@nestjs/common';
import type { SnapshotSegment } from '@sluice/sdk/evaluation';
import type { Transaction } from '../kernel/transactions.js';
import { SegmentsRepository } from './segments.repository.js';

/** Answers other modules' questions about segments. */
@Injectable()
export class SegmentsReader {
  constructor(private readonly segments: SegmentsRepository) {}

  /** The keys of a project's segments. */
  async keys(tx: Transaction, projectId: string): Promise<ReadonlySet<string>> {
    return new Set((await this.segments.listAll(tx, projectId)).map(({ key }) => key));
  }

  /** A project's segments as evaluators need them, in order of key. */
  async snapshotSegments(tx: Transaction, projectId: string): Promise<readonly SnapshotSegment[]> {
    const segments = await this.segments.listAll(tx, projectId);
    return segments.map(({ key, included, excluded, rules }) => ({ key, included, excluded, rules }));
  }
}
