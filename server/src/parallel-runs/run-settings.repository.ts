import { Injectable } from '@nestjs/common';
import { conflict } from '../kernel/errors.js';
import type { Transaction } from '../kernel/transactions.js';
import { type ParallelRunSettings as Row, Prisma } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { Demand, OwnedRule, ParallelRunSettings, Runner } from './parallel-run.js';

/** A run in an environment. */
export interface RunPlace {
  readonly runId: string;
  readonly environmentId: string;
}

/** Settings and where they belong. */
export interface PlacedSettings extends RunPlace {
  readonly settings: ParallelRunSettings;
}

/** A run that reports name, as it is counted now. */
export interface CountedRun extends RunPlace {
  readonly key: string;
  readonly epoch: number;
  /** In which an input counts once, milliseconds. */
  readonly windowMs: number;
}

/** What the column of the demand holds beside it. */
interface StoredTerms {
  readonly demand: Demand;
  readonly runner: Runner;
}

@Injectable()
export class RunSettingsRepository {
  async find(tx: Transaction, place: RunPlace): Promise<ParallelRunSettings | null> {
    const row = await clientOf(tx).parallelRunSettings.findUnique({ where: { runId_environmentId: place } });
    return row === null ? null : toSettings(row);
  }

  /** The settings of some runs in every environment that has any. */
  async listOfRuns(tx: Transaction, runIds: readonly string[]): Promise<readonly PlacedSettings[]> {
    const rows = await clientOf(tx).parallelRunSettings.findMany({ where: { runId: { in: [...runIds] } } });
    return rows.map(toPlaced);
  }

  /** The settings in one environment, with the keys of their runs, in order of key. */
  async listOfEnvironment(
    tx: Transaction,
    environmentId: string,
  ): Promise<readonly (PlacedSettings & { readonly key: string })[]> {
    const rows = await clientOf(tx).parallelRunSettings.findMany({
      where: { environmentId },
      include: { run: { select: { key: true } } },
    });
    return rows.map(({ run, ...row }) => ({ ...toPlaced(row), key: run.key })).sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** Those of the runs named that are set in their environments, and the epochs they are at. */
  listCounted(
    tx: Transaction,
    named: readonly { readonly environmentId: string; readonly key: string }[],
  ): Promise<readonly CountedRun[]> {
    const rows = named.map(({ environmentId, key }) => ({ environment_id: environmentId, key }));
    return clientOf(tx).$queryRaw<readonly CountedRun[]>`
      SELECT settings.environment_id AS "environmentId", settings.run_id AS "runId", run.key, settings.epoch,
        (settings.demand #>> '{runner,windowSeconds}')::int * 1000 AS "windowMs"
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS named (environment_id uuid, key text)
      JOIN parallel_run_settings AS settings ON settings.environment_id = named.environment_id
      JOIN parallel_run AS run ON run.id = settings.run_id AND run.key = named.key`;
  }

  /** Places that have a rule which ran out by a moment. */
  listWithExpiredRules(tx: Transaction, now: Date, limit: number): Promise<readonly RunPlace[]> {
    return clientOf(tx).$queryRaw<readonly RunPlace[]>`
      SELECT run_id AS "runId", environment_id AS "environmentId"
      FROM parallel_run_settings
      WHERE EXISTS (
        SELECT FROM jsonb_array_elements(rules) AS rule WHERE (rule ->> 'expiresAt')::timestamptz <= ${now}::timestamptz)
      ORDER BY run_id, environment_id
      LIMIT ${limit}`;
  }

  /** Stores settings over the version they were made from, and returns them with their new version. */
  async save(tx: Transaction, place: RunPlace, settings: ParallelRunSettings, now: Date): Promise<ParallelRunSettings> {
    const after = { ...settings, version: settings.version + 1 };
    const { runId, environmentId } = place;
    const data = toColumns(after, now);
    const { count } =
      settings.version === 0
        ? await clientOf(tx).parallelRunSettings.createMany({
            data: [{ runId, environmentId, ...data }],
            skipDuplicates: true,
          })
        : await clientOf(tx).parallelRunSettings.updateMany({
            where: { runId, environmentId, version: settings.version },
            data,
          });
    if (count === 0) throw conflict('EDIT_COLLIDED', 'Someone changed these settings at the same moment; try again.');
    return after;
  }
}

type Columns = Omit<Prisma.ParallelRunSettingsCreateManyInput, keyof RunPlace>;

function toColumns(
  { share, demand, runner, rules, epoch, demandHash, digestKey, version }: ParallelRunSettings,
  now: Date,
): Columns {
  const terms: StoredTerms = { demand, runner };
  // What was parsed is JSON by construction.
  const json = (value: unknown): Prisma.InputJsonValue => value as Prisma.InputJsonValue;
  return { share, demand: json(terms), rules: json(rules), epoch, demandHash, digestKey, version, updatedAt: now };
}

function toPlaced(row: Row): PlacedSettings {
  return { runId: row.runId, environmentId: row.environmentId, settings: toSettings(row) };
}

function toSettings({ share, demand, rules, epoch, demandHash, digestKey, version }: Row): ParallelRunSettings {
  // Only what toColumns was given is ever stored.
  const terms = demand as unknown as StoredTerms;
  return { share, ...terms, rules: rules as unknown as readonly OwnedRule[], epoch, demandHash, digestKey, version };
}
