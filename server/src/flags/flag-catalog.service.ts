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
import type { SettingsContent } from './parse-settings.js';
import { flagIdOf, type StampedFlags } from './stamped-flags.js';

/** More of them are read faster with all the others. */
const READ_BY_ID_AT_MOST = 500;
const NOBODY: ReadonlySet<string> = new Set();

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
    return [...(await this.stampedFlags(tx, projectId, environmentId)).values()];
  }

  /** The same by their stamps; those that are known under theirs are not read again. */
  async stampedFlags(
    tx: Transaction,
    projectId: string,
    environmentId: string,
    known: StampedFlags = new Map(),
  ): Promise<StampedFlags> {
    const stamps = await this.settings.listStamps(tx, projectId, environmentId);
    const unknown = stamps.filter((stamp) => !known.has(stamp)).map(flagIdOf);
    const isMany = unknown.length > READ_BY_ID_AT_MOST;
    const flags = isMany ? await this.flags.listAll(tx, projectId) : await this.flags.listByIds(tx, unknown);
    const settings = await this.settings.mapOfEnvironment(tx, environmentId, isMany ? undefined : unknown);
    const read = new Map(
      flags.map((flag) => [flag.id, toSnapshotFlag(flag, settings.get(flag.id) ?? untouchedSettings(flag))]),
    );
    return new Map(
      stamps.flatMap((stamp) => {
        const flag = known.get(stamp) ?? read.get(flagIdOf(stamp));
        return flag === undefined ? [] : [[stamp, flag]];
      }),
    );
  }

  /** What settings in an environment may name. What they name nothing of is not read. */
  async surroundings(
    tx: Transaction,
    { projectId, environmentId }: { readonly projectId: string; readonly environmentId: string },
    settings: readonly Pick<SettingsContent, 'rules' | 'prerequisites'>[],
  ): Promise<Surroundings> {
    const clauses = settings.flatMap(({ rules }) => rules.flatMap((rule) => rule.clauses));
    const segmentKeys = segmentsNamed(clauses, '').length > 0 ? await this.segments.keys(tx, projectId) : NOBODY;
    if (settings.every(({ prerequisites }) => prerequisites.length === 0)) return { segmentKeys, flags: new Map() };
    const flags = await this.flags.listVariations(tx, projectId);
    const needs = await this.settings.mapPrerequisites(tx, environmentId);
    const neighbours = flags.map(({ id, key, variations }): readonly [string, NeighbourFlag] => [
      key,
      { variationKeys: new Set(variations.map((variation) => variation.key)), prerequisites: needs.get(id) ?? [] },
    ]);
    return { segmentKeys, flags: new Map(neighbours) };
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
