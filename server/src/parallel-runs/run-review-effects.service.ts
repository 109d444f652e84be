import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Ids } from '../kernel/ids.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Certificate } from './certificate.js';
import { CertificatesRepository } from './certificates.repository.js';
import type { ReviewMove } from './decide-review.js';
import { ParallelRunHolds } from './parallel-run-holds.service.js';
import type { ParallelRunSettings } from './parallel-run.js';
import { placeOf, type PlacedRun } from './run-catalog.service.js';
import { RunJournal } from './run-journal.service.js';
import type { WantedSettings } from './run-settings-writer.service.js';

/** Carries out what a review decided: all inside the caller's transaction, which has locked the environment. */
@Injectable()
export class RunReviewEffects {
  constructor(
    private readonly certificates: CertificatesRepository,
    private readonly holds: ParallelRunHolds,
    private readonly journal: RunJournal,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Stores findings and voids certificates. Answers what settings are to become: a refuted candidate is called no more,
   * unless a release holds the run and decides for itself; undefined: they stay.
   */
  async apply(
    tx: Transaction,
    ctx: RequestContext,
    place: PlacedRun,
    { settings, moves }: { readonly settings: ParallelRunSettings; readonly moves: readonly ReviewMove[] },
  ): Promise<WantedSettings | undefined> {
    let refutation: Certificate | undefined;
    for (const move of moves) {
      if (move.kind === 'void') await this.void(tx, ctx, place, move.certificate, move.reason);
      else {
        const certificate = await this.find(tx, ctx, place, settings, move);
        if (certificate?.finding === 'refuted') refutation = certificate;
      }
    }
    if (refutation === undefined || settings.share === 0) return undefined;
    if ((await this.holds.holdOf(tx, placeOf(place))) !== null) return undefined;
    const reason = `The candidate is refuted. ${refutation.statement.assessment.sentence}`;
    return { content: { ...settings, share: 0 }, action: 'parallelRun.stopped', reason };
  }

  private async find(
    tx: Transaction,
    ctx: RequestContext,
    place: PlacedRun,
    { epoch, demand, demandHash, rules }: ParallelRunSettings,
    { finding, total, assessment }: Extract<ReviewMove, { kind: 'find' }>,
  ): Promise<Certificate | undefined> {
    const { candidate, controlVersion, candidateVersion, sums } = total;
    const stored = {
      ...{ id: this.ids.next(), epoch, candidate, controlVersion, candidateVersion, demandHash, finding },
      statement: { demand, rules, sums, assessment },
      ...{ at: this.clock.now(), voidedAt: null, voidReason: null },
    };
    if (!(await this.certificates.insert(tx, placeOf(place), stored))) return undefined;
    const certificate = { ...stored, run: place.run.key, environment: place.environment.key };
    await this.journal.found(tx, ctx, place, certificate);
    return certificate;
  }

  private async void(
    tx: Transaction,
    ctx: RequestContext,
    place: PlacedRun,
    certificate: Certificate,
    reason: string,
  ): Promise<void> {
    const voided = { at: this.clock.now(), reason };
    if (!(await this.certificates.void(tx, certificate.id, voided))) return;
    await this.journal.voided(tx, ctx, place, certificate, voided);
  }
}
