import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { isInScope, type RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { type Environment, ProjectsReader } from '../projects/index.js';
import type { Flag } from './flag.js';
import { FlagEvaluations } from './flag-evaluations.service.js';
import { FlagSettingsRepository } from './flag-settings.repository.js';
import { type LifeStage, lifeStage } from './life-stage.js';

/** A flag, as far as its life is of interest. */
export type LivingFlag = Pick<Flag, 'id' | 'key' | 'purpose' | 'dueAt' | 'createdAt'>;

/** Knows how flags of a project live, in as many questions for thousands as for one. */
@Injectable()
export class FlagLives {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly settings: FlagSettingsRepository,
    private readonly evaluations: FlagEvaluations,
    private readonly clock: Clock,
  ) {}

  /** The stages of flags of any projects, in the order given. */
  of(ctx: RequestContext, flags: readonly (LivingFlag & Pick<Flag, 'projectId'>)[]): Promise<readonly LifeStage[]> {
    return this.transactions.read(async (tx) => {
      const found = new Map<string, LifeStage>();
      for (const projectId of new Set(flags.map((flag) => flag.projectId))) {
        const here = flags.filter((flag) => flag.projectId === projectId);
        for (const [id, stage] of await this.stages(tx, ctx, projectId, here)) found.set(id, stage);
      }
      // Each was asked for.
      return flags.map(({ id }) => found.get(id) as LifeStage);
    });
  }

  /** The ids of flags that are on in an environment. */
  on(tx: Transaction, environmentId: string): Promise<ReadonlySet<string>> {
    return this.settings.listOn(tx, environmentId);
  }

  /** When flags were last evaluated in those of the environments that the caller may see, by key; never is absent. */
  lastEvaluations(
    tx: Transaction,
    ctx: RequestContext,
    environments: readonly Pick<Environment, 'id' | 'projectId'>[],
    flags: readonly LivingFlag[],
  ): Promise<ReadonlyMap<string, Date>> {
    const visible = environments.filter(({ id, projectId }) => isInScope(ctx, projectId, id));
    return this.evaluations.last(
      tx,
      visible.map(({ id }) => id),
      flags.map(({ key }) => key),
    );
  }

  /** The stages of flags of a project, by their ids. */
  async stages(
    tx: Transaction,
    ctx: RequestContext,
    projectId: string,
    flags: readonly LivingFlag[],
  ): Promise<ReadonlyMap<string, LifeStage>> {
    const environments = await this.projects.environmentsOf(tx, projectId);
    const last = await this.lastEvaluations(tx, ctx, environments, flags);
    const flagIds = flags.map(({ id }) => id);
    const environmentIds = environments.map(({ id }) => id);
    const answers = await this.settings.mapSoleAnswers(tx, flagIds, environmentIds);
    const now = this.clock.now();
    return new Map(
      flags.map((flag) => {
        const facts = { ...flag, soleAnswer: answers.get(flag.id), lastEvaluatedAt: last.get(flag.key) };
        return [flag.id, lifeStage(facts, now)];
      }),
    );
  }
}
