import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { addSums, NO_SUMS } from './add-sums.js';
import { groupBy } from './group-by.js';
import { type RankedSignature, rankSignatures } from './rank-signatures.js';
import { placeOf, type PlacedRun } from './run-catalog.service.js';
import { RunSignaturesRepository } from './run-signatures.repository.js';
import { RunSumsRepository } from './run-sums.repository.js';

/** Of each candidate. */
const SHOWN = 20;

/** Ranks the faults of a run's candidates. */
@Injectable()
export class RunFaults {
  constructor(
    private readonly signatures: RunSignaturesRepository,
    private readonly sums: RunSumsRepository,
  ) {}

  /** The worst faults of an epoch, by candidate. */
  async topOf(
    tx: Transaction,
    place: PlacedRun,
    epoch: number,
  ): Promise<ReadonlyMap<string, readonly RankedSignature[]>> {
    const ranked = await this.rankedOf(tx, place, epoch);
    return new Map([...ranked].map(([candidate, signatures]) => [candidate, signatures.slice(0, SHOWN)]));
  }

  /** All faults of an epoch, by candidate, worst first. Versions share them, and so do their calls. */
  async rankedOf(
    tx: Transaction,
    place: PlacedRun,
    epoch: number,
  ): Promise<ReadonlyMap<string, readonly RankedSignature[]>> {
    const at = { ...placeOf(place), epoch };
    const totals = groupBy(await this.sums.listTotals(tx, at), ({ candidate }) => candidate);
    const signatures = groupBy(await this.signatures.list(tx, at), ({ candidate }) => candidate);
    return new Map(
      [...signatures].map(([candidate, ofCandidate]) => {
        const sums = (totals.get(candidate) ?? []).map((total) => total.sums).reduce(addSums, NO_SUMS);
        return [candidate, rankSignatures(ofCandidate, sums)];
      }),
    );
  }
}
