import { Injectable } from '@nestjs/common';
import type { Prerequisite, Serve, Target } from '@sluice/sdk/evaluation';
import { conflict } from '../kernel/errors.js';
import type { Transaction } from '../kernel/transactions.js';
import { type FlagSettings as Row, Prisma } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { FlagRule, FlagSettings } from './flag.js';

/** Where settings belong. */
export interface SettingsPlace {
  readonly flagId: string;
  readonly environmentId: string;
}

@Injectable()
export class FlagSettingsRepository {
  async find(tx: Transaction, place: SettingsPlace): Promise<FlagSettings | null> {
    const row = await clientOf(tx).flagSettings.findUnique({ where: { flagId_environmentId: place } });
    return row === null ? null : toSettings(row);
  }

  /** The settings of some flags in every environment that has any. */
  async listOfFlags(
    tx: Transaction,
    flagIds: readonly string[],
  ): Promise<readonly (SettingsPlace & { settings: FlagSettings })[]> {
    const rows = await clientOf(tx).flagSettings.findMany({ where: { flagId: { in: [...flagIds] } } });
    return rows.map((row) => ({ flagId: row.flagId, environmentId: row.environmentId, settings: toSettings(row) }));
  }

  /** The settings in one environment, by flag id: of all flags, or of some. */
  async mapOfEnvironment(
    tx: Transaction,
    environmentId: string,
    flagIds?: readonly string[],
  ): Promise<ReadonlyMap<string, FlagSettings>> {
    const some = flagIds === undefined ? {} : { flagId: { in: [...flagIds] } };
    const rows = await clientOf(tx).flagSettings.findMany({ where: { environmentId, ...some } });
    return new Map(rows.map((row) => [row.flagId, toSettings(row)]));
  }

  /** What flags need in one environment, by flag id: of those that need any. */
  async mapPrerequisites(
    tx: Transaction,
    environmentId: string,
  ): Promise<ReadonlyMap<string, readonly Prerequisite[]>> {
    const rows = await clientOf(tx).flagSettings.findMany({
      where: { environmentId, prerequisites: { not: [] } },
      select: { flagId: true, prerequisites: true },
    });
    // Only settings that were parsed are ever stored.
    return new Map(rows.map((row) => [row.flagId, row.prerequisites as unknown as readonly Prerequisite[]]));
  }

  /**
   * A text for each flag of a project, in order of key, that begins with its id and is another one after every change to
   * the flag or to its settings in the environment. One row of the store, for ten thousand cost ten times as much to read.
   */
  async listStamps(tx: Transaction, projectId: string, environmentId: string): Promise<readonly string[]> {
    const [row] = await clientOf(tx).$queryRaw<readonly { readonly stamps: string | null }[]>`
      SELECT string_agg(
        concat_ws(' ', flag.id, flag.version, flag.updated_at, own.version, own.updated_at), ',' ORDER BY flag.key
      ) AS stamps
      FROM flag LEFT JOIN flag_settings AS own ON own.flag_id = flag.id AND own.environment_id = ${environmentId}::uuid
      WHERE flag.project_id = ${projectId}::uuid`;
    return row?.stamps?.split(',') ?? [];
  }

  /**
   * Which one variation everybody is served in all of the environments, by id of flag: it is on in each, without rules,
   * targets, prerequisites or a split, and serves the same. Of other flags there is none. Rules stay in the store.
   */
  async mapSoleAnswers(
    tx: Transaction,
    flagIds: readonly string[],
    environmentIds: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    const rows = await clientOf(tx).$queryRaw<readonly { readonly flagId: string; readonly answer: string }[]>`
      SELECT flag_id AS "flagId", min(default_serve ->> 'variation') AS answer
      FROM flag_settings
      WHERE flag_id = ANY(${[...flagIds]}::uuid[]) AND environment_id = ANY(${[...environmentIds]}::uuid[])
        AND "on" AND rules = '[]' AND prerequisites = '[]' AND NOT jsonb_path_exists(targets, '$[*].values[*]')
        AND default_serve ->> 'variation' IS NOT NULL
      GROUP BY flag_id
      HAVING count(*) = ${environmentIds.length}
        AND min(default_serve ->> 'variation') = max(default_serve ->> 'variation')`;
    return new Map(rows.map(({ flagId, answer }) => [flagId, answer]));
  }

  /** The ids of flags that are on in an environment. */
  async listOn(tx: Transaction, environmentId: string): Promise<ReadonlySet<string>> {
    const rows = await clientOf(tx).flagSettings.findMany({
      where: { environmentId, on: true },
      select: { flagId: true },
    });
    return new Set(rows.map(({ flagId }) => flagId));
  }

  /** Stores settings over the version they were made from, and returns them with their new version. */
  async save(tx: Transaction, place: SettingsPlace, settings: FlagSettings): Promise<FlagSettings> {
    const after = { ...settings, version: settings.version + 1 };
    const data = toColumns(after);
    const { count } =
      settings.version === 0
        ? await clientOf(tx).flagSettings.createMany({ data: [{ ...place, ...data }], skipDuplicates: true })
        : await clientOf(tx).flagSettings.updateMany({ where: { ...place, version: settings.version }, data });
    if (count === 0) throw conflict('EDIT_COLLIDED', 'Someone changed these settings at the same moment; try again.');
    return after;
  }
}

function toColumns(settings: FlagSettings): Omit<Prisma.FlagSettingsCreateManyInput, keyof SettingsPlace> {
  const { on, offVariation, defaultServe, version, updatedAt } = settings;
  // What was parsed is JSON by construction.
  const json = (value: unknown): Prisma.InputJsonValue => value as Prisma.InputJsonValue;
  return {
    on,
    offVariation,
    version,
    defaultServe: defaultServe === null ? Prisma.DbNull : json(defaultServe),
    targets: json(settings.targets),
    rules: json(settings.rules),
    prerequisites: json(settings.prerequisites),
    // Only untouched settings have no date, and those are never stored.
    updatedAt: updatedAt as Date,
  };
}

function toSettings(row: Row): FlagSettings {
  return {
    on: row.on,
    offVariation: row.offVariation,
    // Only settings that were parsed are ever stored.
    defaultServe: row.defaultServe as Serve | null,
    targets: row.targets as unknown as readonly Target[],
    rules: row.rules as unknown as readonly FlagRule[],
    prerequisites: row.prerequisites as unknown as readonly Prerequisite[],
    version: row.version,
    updatedAt: row.updatedAt,
  };
}
