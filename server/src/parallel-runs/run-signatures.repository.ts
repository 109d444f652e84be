import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import type { ParallelRunSignature as Row } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import { type At, type EpochPlace, placeKey, signatureKey, type Stock } from './merge-run-reports.js';
import { addSignatures, type RunSignature } from './run-signature.js';

/** Names a signature at a place. */
type SignatureKey = At<Pick<RunSignature, 'candidate' | 'id'>>;

/** Faults: mismatches that are the same. */
@Injectable()
export class RunSignaturesRepository {
  /** By place: how many signatures are stored, and which of those asked for, none twice, are among them. */
  async stock(tx: Transaction, asked: readonly SignatureKey[]): Promise<ReadonlyMap<string, Stock>> {
    if (asked.length === 0) return new Map();
    const found = await clientOf(tx).$queryRaw<readonly At<{ count: number; known: readonly StoredKey[] | null }>[]>`
      WITH asked AS (
        SELECT environment_id, run_id, epoch, candidate, signature
        FROM jsonb_to_recordset(${JSON.stringify(asked.map(toKeyColumns))}::jsonb)
          AS asked (environment_id uuid, run_id uuid, epoch int, candidate text, signature text))
      SELECT stored.environment_id AS "environmentId", stored.run_id AS "runId", stored.epoch, count(*)::int AS count,
        jsonb_agg(jsonb_build_array(stored.candidate, stored.signature)) FILTER (WHERE asked.signature IS NOT NULL)
          AS known
      FROM parallel_run_signature AS stored
      LEFT JOIN asked USING (environment_id, run_id, epoch, candidate, signature)
      WHERE (stored.environment_id, stored.run_id, stored.epoch) IN (SELECT environment_id, run_id, epoch FROM asked)
      GROUP BY stored.environment_id, stored.run_id, stored.epoch`;
    return new Map(
      found.map(({ count, known, ...place }) => [
        placeKey(place),
        { count, known: new Set(known?.map(([candidate, id]) => signatureKey(candidate, id))) },
      ]),
    );
  }

  /** Adds to signatures, none of which occurs twice, at places where nobody else counts. */
  async add(tx: Transaction, signatures: readonly At<RunSignature>[]): Promise<void> {
    if (signatures.length === 0) return;
    const client = clientOf(tx);
    const stored = await client.$queryRaw<readonly StoredRow[]>`
      SELECT environment_id AS "environmentId", run_id AS "runId", epoch, candidate, signature, places, is_cut AS "isCut",
        n, twins, strata, max_delta AS "maxDelta", samples, first_version AS "firstVersion",
        last_version AS "lastVersion", first_at AS "firstAt", last_at AS "lastAt"
      FROM parallel_run_signature
      WHERE (environment_id, run_id, epoch, candidate, signature) IN (
        SELECT environment_id, run_id, epoch, candidate, signature
        FROM jsonb_to_recordset(${JSON.stringify(signatures.map(toKeyColumns))}::jsonb)
          AS asked (environment_id uuid, run_id uuid, epoch int, candidate text, signature text))`;
    const known = new Map(stored.map((row) => [atOf({ ...row, id: row.signature }), toSignature(row)]));
    const rows = signatures.map((signature) => {
      const before = known.get(atOf(signature));
      return toColumns(before === undefined ? signature : { ...signature, ...addSignatures(before, signature) });
    });
    await client.$executeRaw`
      INSERT INTO parallel_run_signature
        (environment_id, run_id, epoch, candidate, signature, places, is_cut, n, twins, strata, max_delta, samples,
          first_version, last_version, first_at, last_at)
      SELECT environment_id, run_id, epoch, candidate, signature, places, is_cut, n, twins, strata,
        nullif(max_delta, 'null'::jsonb), samples, first_version, last_version, first_at, last_at
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS summed (environment_id uuid, run_id uuid, epoch int, candidate text, signature text, places jsonb,
          is_cut boolean, n bigint, twins bigint, strata jsonb, max_delta jsonb, samples jsonb, first_version text,
          last_version text, first_at timestamptz(3), last_at timestamptz(3))
      ORDER BY environment_id, run_id, epoch, candidate, signature
      ON CONFLICT (environment_id, run_id, epoch, candidate, signature) DO UPDATE
      SET n = excluded.n, twins = excluded.twins, strata = excluded.strata, max_delta = excluded.max_delta,
        samples = excluded.samples, first_version = excluded.first_version, last_version = excluded.last_version,
        first_at = excluded.first_at, last_at = excluded.last_at`;
  }

  /** All signatures of a run in an epoch, in order of candidate and id. */
  async list(tx: Transaction, { environmentId, runId, epoch }: EpochPlace): Promise<readonly RunSignature[]> {
    const rows = await clientOf(tx).parallelRunSignature.findMany({
      where: { environmentId, runId, epoch },
      orderBy: [{ candidate: 'asc' }, { signature: 'asc' }],
    });
    return rows.map(toSignature);
  }
}

type StoredKey = readonly [candidate: string, id: string];
/** As a raw query answers it: JSON and dates are read, whole numbers are BigInt. */
type StoredRow = Row;

function toKeyColumns({ environmentId, runId, epoch, candidate, id }: SignatureKey) {
  return { environment_id: environmentId, run_id: runId, epoch, candidate, signature: id };
}

function toColumns(signature: At<RunSignature>) {
  const { places, isCut, n, twins, strata, maxDelta, samples, firstVersion, lastVersion, firstAt, lastAt } = signature;
  return {
    ...toKeyColumns(signature),
    ...{ places, is_cut: isCut, n, twins, strata, max_delta: maxDelta, samples },
    ...{ first_version: firstVersion, last_version: lastVersion, first_at: firstAt, last_at: lastAt },
  };
}

function atOf(key: SignatureKey): string {
  return `${placeKey(key)} ${signatureKey(key.candidate, key.id)}`;
}

function toSignature(row: StoredRow): RunSignature {
  const { candidate, signature, isCut, firstVersion, lastVersion, firstAt, lastAt } = row;
  return {
    ...{ candidate, id: signature, isCut, n: Number(row.n), twins: Number(row.twins) },
    // Only signatures that were reported are ever stored.
    places: row.places as unknown as RunSignature['places'],
    strata: row.strata as unknown as RunSignature['strata'],
    maxDelta: row.maxDelta as unknown as RunSignature['maxDelta'],
    samples: row.samples as unknown as RunSignature['samples'],
    ...{ firstVersion, lastVersion, firstAt, lastAt },
  };
}
