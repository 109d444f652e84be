import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import canonicalize from 'canonicalize';
import { Clock } from '../kernel/clock.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { CertificatesRepository } from './certificates.repository.js';
import { DigestKeys } from './digest-keys.js';
import type { ParallelRunSettings } from './parallel-run.js';
import { placeOf, type PlacedRun, toCertificate } from './run-catalog.service.js';
import { RunJournal } from './run-journal.service.js';
import { type EvidenceBasis, evidenceBasisOf, type RunSettingsContent } from './run-settings.js';
import { RunSettingsRepository } from './run-settings.repository.js';

/** What somebody wants settings to be. */
export interface WantedSettings {
  readonly content: RunSettingsContent;
  /** For the audit log. */
  readonly action: string;
  /** A full sentence, where there is something to say. */
  readonly reason?: string;
  /** Evidence begins anew although nothing changes that it depends on. */
  readonly isReset?: boolean;
}

/** How settings are stored, whoever wrote them. The environment's revision is the caller's. */
@Injectable()
export class RunSettingsWriter {
  constructor(
    private readonly settings: RunSettingsRepository,
    private readonly certificates: CertificatesRepository,
    private readonly keys: DigestKeys,
    private readonly journal: RunJournal,
    private readonly clock: Clock,
  ) {}

  /**
   * What settings would become, not stored yet. Another basis of evidence or a reset begins a new epoch: what was compared
   * before says nothing of it. The first settings begin none, because nothing was.
   */
  next(before: ParallelRunSettings, { content, isReset = false }: WantedSettings): ParallelRunSettings {
    const basis = evidenceBasisOf(content);
    const isOther = !isDeepStrictEqual(basis, evidenceBasisOf(before));
    const isNew = before.version > 0 && (isOther || isReset);
    return {
      ...before,
      ...content,
      epoch: isNew ? before.epoch + 1 : before.epoch,
      // Certificates of the same epoch name the hash that was found then, whatever it was made of in older versions.
      demandHash: isOther || before.demandHash === '' ? hashOf(basis) : before.demandHash,
      digestKey: before.digestKey === '' ? this.keys.next() : before.digestKey,
    };
  }

  /** Stores what `next` said, on record; certificates of an epoch that is over are voided with it. */
  async store(
    tx: Transaction,
    ctx: RequestContext,
    place: PlacedRun,
    { before, next, wanted }: { before: ParallelRunSettings; next: ParallelRunSettings; wanted: WantedSettings },
  ): Promise<ParallelRunSettings> {
    const at = this.clock.now();
    const after = await this.settings.save(tx, placeOf(place), next, at);
    const reason = wanted.reason ?? (after.epoch === before.epoch ? '' : 'What evidence depends on changed.');
    if (after.epoch !== before.epoch) await this.voidAll(tx, ctx, place, before.epoch, { at, reason });
    await this.journal.changed(tx, ctx, place, { before, after, action: wanted.action, reason, at });
    return after;
  }

  private async voidAll(
    tx: Transaction,
    ctx: RequestContext,
    place: PlacedRun,
    epoch: number,
    voided: { readonly at: Date; readonly reason: string },
  ): Promise<void> {
    const found = await this.certificates.listOfEpoch(tx, { ...placeOf(place), epoch });
    for (const certificate of found.filter(({ voidedAt }) => voidedAt === null)) {
      await this.certificates.void(tx, certificate.id, voided);
      await this.journal.voided(tx, ctx, place, toCertificate(certificate, place), voided);
    }
  }
}

/** Names what evidence depends on: SHA-256 of the canonical JSON (RFC 8785), hexadecimal. */
function hashOf(basis: EvidenceBasis): string {
  // What was parsed is JSON by construction, and has a canonical form.
  const text = canonicalize(basis) as string;
  return createHash('sha256').update(text).digest('hex');
}
