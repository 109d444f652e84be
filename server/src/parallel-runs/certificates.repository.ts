import { Injectable } from '@nestjs/common';
import type { PageRequest } from '../kernel/page.js';
import type { Transaction } from '../kernel/transactions.js';
import { type ParallelRunCertificate as Row, Prisma } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { Certificate, Statement } from './certificate.js';
import type { EpochPlace } from './merge-run-reports.js';
import type { StandingFinding } from './run-overview.js';
import type { RunPlace } from './run-settings.repository.js';

/** A finding as it is stored: where it belongs is known to whoever asks. */
export type StoredCertificate = Omit<Certificate, 'run' | 'environment'>;

/** A candidate of a run that is known not to be equivalent. */
export interface RefutedRun {
  readonly environmentId: string;
  /** Key of the run. */
  readonly run: string;
  readonly candidate: string;
  readonly candidateVersion: string;
  readonly at: Date;
}

/** Findings. Append-only, but for being voided once. */
@Injectable()
export class CertificatesRepository {
  /** Stores a finding; false when the same was found of the same pair before, and is not void. */
  async insert(tx: Transaction, { runId, environmentId }: RunPlace, certificate: StoredCertificate): Promise<boolean> {
    const { statement, ...columns } = certificate;
    // A statement is JSON by construction.
    const data = { ...columns, runId, environmentId, statement: statement as unknown as Prisma.InputJsonValue };
    const { count } = await clientOf(tx).parallelRunCertificate.createMany({ data: [data], skipDuplicates: true });
    return count > 0;
  }

  /** All findings of an epoch, oldest first, voided ones too. */
  async listOfEpoch(
    tx: Transaction,
    { environmentId, runId, epoch }: EpochPlace,
  ): Promise<readonly StoredCertificate[]> {
    const rows = await clientOf(tx).parallelRunCertificate.findMany({
      where: { environmentId, runId, epoch },
      orderBy: { id: 'asc' },
    });
    return rows.map(toCertificate);
  }

  /** The same of several places, with the run that each is of. */
  async listOfEpochs(
    tx: Transaction,
    places: readonly EpochPlace[],
  ): Promise<readonly (StoredCertificate & Pick<RunPlace, 'runId'>)[]> {
    const rows = await clientOf(tx).parallelRunCertificate.findMany({
      where: { OR: places.map(({ environmentId, runId, epoch }) => ({ environmentId, runId, epoch })) },
      orderBy: { id: 'asc' },
    });
    return rows.map((row) => ({ ...toCertificate(row), runId: row.runId }));
  }

  /** Findings of a run in an environment, newest first. */
  async listPage(
    tx: Transaction,
    { environmentId, runId }: RunPlace,
    { limit, after }: PageRequest,
  ): Promise<readonly StoredCertificate[]> {
    const rows = await clientOf(tx).parallelRunCertificate.findMany({
      where: { environmentId, runId, ...(after === undefined ? {} : { id: { lt: after } }) },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    return rows.map(toCertificate);
  }

  /** Findings of some runs that are not void, and where they belong. */
  async listStanding(tx: Transaction, runIds: readonly string[]): Promise<readonly (StandingFinding & RunPlace)[]> {
    const rows = await clientOf(tx).parallelRunCertificate.findMany({
      where: { runId: { in: [...runIds] }, voidedAt: null },
      omit: { statement: true },
    });
    return rows.map((row) => ({ ...row, finding: toFinding(row.finding) }));
  }

  /**
   * Refutations of environments that stand in the present epoch of a run which is still sampled, or that are newer than a
   * moment; the newest first, at most so many.
   */
  async listRefuted(
    tx: Transaction,
    environmentIds: readonly string[],
    { since, limit }: { readonly since: Date; readonly limit: number },
  ): Promise<readonly RefutedRun[]> {
    return clientOf(tx).$queryRaw<readonly RefutedRun[]>`
      SELECT found.environment_id AS "environmentId", run.key AS run, found.candidate, found.at,
        found.candidate_version AS "candidateVersion"
      FROM parallel_run_certificate AS found
      JOIN parallel_run AS run ON run.id = found.run_id
      JOIN parallel_run_settings AS settings
        ON settings.run_id = found.run_id AND settings.environment_id = found.environment_id
          AND settings.epoch = found.epoch
      WHERE found.environment_id = ANY(${[...environmentIds]}::uuid[])
        AND found.finding = 'refuted' AND found.voided_at IS NULL
        AND (settings.share > 0 OR found.at >= ${since}::timestamptz)
      ORDER BY found.at DESC LIMIT ${limit}`;
  }

  /** Voids a finding for good; false when it was void before. */
  async void(tx: Transaction, id: string, voided: { readonly at: Date; readonly reason: string }): Promise<boolean> {
    const { count } = await clientOf(tx).parallelRunCertificate.updateMany({
      where: { id, voidedAt: null },
      data: { voidedAt: voided.at, voidReason: voided.reason },
    });
    return count > 0;
  }
}

function toFinding(text: string): Certificate['finding'] {
  return text === 'certified' ? text : 'refuted';
}

function toCertificate({
  runId: _runId,
  environmentId: _environmentId,
  statement,
  finding,
  ...row
}: Row): StoredCertificate {
  return {
    ...row,
    finding: toFinding(finding),
    // Only statements that were made are ever stored.
    statement: statement as unknown as Statement,
  };
}
