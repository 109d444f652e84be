import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { SnapshotFlag } from '@sluice/sdk/evaluation';
import { notFound } from '../kernel/errors.js';
import { FLAG_KEY } from '../kernel/key.js';
import type { Transaction } from '../kernel/transactions.js';
import { type Project, ProjectsReader } from '../projects/index.js';
import { SegmentReferrers, SegmentsReader, segmentsNamed } from '../segments/index.js';
import type { NeighbourFlag, Surroundings } from './check-references.js';
import { type Flag, type FlagSettings, type FlagWithSettings, toSnapshotFlag, untouchedSettings } from './flag.js';
import { FlagSettingsRepository } from './flag-settings.repository.js';
import { FlagsRepository } from './flags.repository.js';

/** Answers questions about flags: for this module's own use cases, and as FlagsReader for other modules. */
@Injectable()
export class FlagCatalog implements OnModuleInit {
  constructor(
    private readonly flags: FlagsRepository,
    private readonly settings: FlagSettingsRepository,
    private readonly projects: ProjectsReader,
    private readonly segments: SegmentsReader,
    private readonly segmentReferrers: SegmentReferrers,
  ) {}

  onModuleInit(): void {
    this.segmentReferrers.register((tx, projectId, segmentKey) => this.usesOfSegment(tx, projectId, segmentKey));
  }

  async require(tx: Transaction, project: Pick<Project, 'id' | 'key'>, key: string): Promise<Flag> {
    const flag = FLAG_KEY.test(key) ? await this.flags.find(tx, project.id, key) : null;
    if (flag === null) throw notFound('FLAG_NOT_FOUND', `Project "${project.key}" has no flag "${key}".`);
    return flag;
  }

  async settingsOf(tx: Transaction, flag: Flag, environmentId: string): Promise<FlagSettings> {
    return (await this.settings.find(tx, { flagId: flag.id, environmentId })) ?? untouchedSettings(flag);
  }

  /** Flags with their settings in every environment, in the order given. */
  async withSettings(tx: Transaction, projectId: string, flags: readonly Flag[]): Promise<readonly FlagWithSettings[]> {
    const environments = await this.projects.environmentsOf(tx, projectId);
    const stored = await this.settings.listOfFlags(
      tx,
      flags.map(({ id }) => id),
    );
    const byPlace = new Map(
      stored.map(({ flagId, environmentId, settings }) => [`${flagId} ${environmentId}`, settings]),
    );
    return flags.map((flag) => ({
      ...flag,
      environments: Object.fromEntries(
        environments.map(({ id, key }) => [key, byPlace.get(`${flag.id} ${id}`) ?? untouchedSettings(flag)]),
      ),
    }));
  }

  /** Flags with their settings in every environment, in the order of the keys given, without those there are not. */
  async listWithSettings(
    tx: Transaction,
    projectId: string,
    keys: readonly string[],
  ): Promise<readonly FlagWithSettings[]> {
    const flags = new Map((await this.flags.listByKeys(tx, projectId, keys)).map((flag) => [flag.key, flag]));
    return this.withSettings(
      tx,
      projectId,
      keys.flatMap((key) => flags.get(key) ?? []),
    );
  }

  async keys(tx: Transaction, projectId: string): Promise<ReadonlySet<string>> {
    const flags = await this.flags.listAll(tx, projectId);
    return new Set(flags.map(({ key }) => key));
  }

  /** A project's flags as evaluators of one environment need them, in order of key. */
  async snapshotFlags(tx: Transaction, projectId: string, environmentId: string): Promise<readonly SnapshotFlag[]> {
    const flags = await this.flags.listAll(tx, projectId);
    const settings = await this.settings.mapOfEnvironment(tx, environmentId);
    return flags.map((flag) => toSnapshotFlag(flag, settings.get(flag.id) ?? untouchedSettings(flag)));
  }

  /** What a flag's settings in an environment may name. */
  async surroundings(tx: Transaction, projectId: string, environmentId: string): Promise<Surroundings> {
    const flags = await this.flags.listAll(tx, projectId);
    const settings = await this.settings.mapOfEnvironment(tx, environmentId);
    const neighbours = flags.map((flag): readonly [string, NeighbourFlag] => [
      flag.key,
      {
        variationKeys: new Set(flag.variations.map(({ key }) => key)),
        prerequisites: settings.get(flag.id)?.prerequisites ?? [],
      },
    ]);
    return { segmentKeys: await this.segments.keys(tx, projectId), flags: new Map(neighbours) };
  }

  /** Every stored use of one flag as another's prerequisite. */
  async dependants(tx: Transaction, { projectId, key }: Flag): Promise<readonly Dependant[]> {
    const all = await this.withSettings(tx, projectId, await this.flags.listAll(tx, projectId));
    return all.flatMap((flag) =>
      Object.entries(flag.environments).flatMap(([environment, { prerequisites }]) =>
        prerequisites
          .filter((prerequisite) => prerequisite.flag === key)
          .map(({ variations }) => ({ flag: flag.key, environment, variations })),
      ),
    );
  }

  private async usesOfSegment(tx: Transaction, projectId: string, segmentKey: string): Promise<readonly string[]> {
    const all = await this.withSettings(tx, projectId, await this.flags.listAll(tx, projectId));
    return all.flatMap((flag) =>
      Object.entries(flag.environments)
        .filter(([, { rules }]) =>
          rules.some(({ clauses }) => segmentsNamed(clauses, '').some(({ key }) => key === segmentKey)),
        )
        .map(([environment]) => `flag/${flag.key} in ${environment}`),
    );
  }
}

/** A flag that has another as its prerequisite in an environment. */
export interface Dependant {
  readonly flag: string;
  readonly environment: string;
  readonly variations: readonly string[];
}
