import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { invalid, precondition, type Problem, refuseWith } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { type Environment, EnvironmentRevisions, ProjectsReader } from '../projects/index.js';
import { carryOver } from './compare-settings.js';
import { type FlagSettings, untouchedSettings } from './flag.js';
import { FlagCatalog } from './flag-catalog.service.js';
import { FlagSettingsRepository } from './flag-settings.repository.js';
import { FlagsRepository } from './flags.repository.js';
import { parsePromotion, type Promotion } from './parse-promotion.js';
import { type PlannedPromotion, promotionProblems, staleProblems } from './promotion-problems.js';
import { SettingsEditor } from './settings-editor.service.js';

/** The settings of a flag where they were promoted to. */
export interface PromotedSettings {
  readonly flag: string;
  /** Key of the environment. */
  readonly environment: string;
  readonly settings: FlagSettings;
  readonly isChanged: boolean;
}

interface Route {
  readonly from: Environment;
  readonly to: Environment;
}

/** Carries what flags decide in one environment over to another: all of them, or none. */
@Injectable()
export class SettingsPromotions {
  // Eight, because a promotion reads two environments, edits as people do and is on record as one thing too.
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly revisions: EnvironmentRevisions,
    private readonly flags: FlagsRepository,
    private readonly settings: FlagSettingsRepository,
    private readonly catalog: FlagCatalog,
    private readonly editor: SettingsEditor,
    private readonly audit: AuditService,
  ) {}

  /** Throws `precondition` when anything changed since the caller looked, `invalid` with all that is in the way. */
  promote(
    ctx: RequestContext,
    at: { readonly project: string; readonly from: string },
    body: unknown,
  ): Promise<readonly PromotedSettings[]> {
    const promotion = parsePromotion(body);
    if (promotion.to === at.from) throw sameEnvironment(at.from);
    return this.transactions.run(async (tx) => {
      const project = await this.projects.project(tx, ctx, at.project);
      const from = await this.projects.environment(tx, ctx, at.project, at.from);
      const to = await this.projects.environment(tx, ctx, at.project, promotion.to);
      await this.revisions.lock(tx, to.id);
      const planned = await this.plan(tx, { from, to }, promotion);
      const takeOver =
        promotion.takeOver === undefined ? undefined : { by: 'hand' as const, reason: promotion.takeOver };
      const promoted: PromotedSettings[] = [];
      for (const { flag, content } of planned) {
        const edit = { project, environment: to, flag, takeOver };
        const edited = await this.editor.edit(tx, ctx, edit, () => Promise.resolve(content));
        promoted.push({ flag, environment: to.key, ...edited });
      }
      const { fields, reason } = promotion;
      const after = { from: from.key, fields, flags: promoted.map(({ flag }) => flag), reason };
      const subject = `environment/${to.key}`;
      await this.audit.record(tx, ctx, 'environment.promoted', { projectId: project.id, subject, after });
      return promoted;
    });
  }

  /** What every wish makes of the target; refuses them together. */
  private async plan(tx: Transaction, { from, to }: Route, promotion: Promotion): Promise<readonly PlannedPromotion[]> {
    const all = await this.flags.listAll(tx, to.projectId);
    const sources = await this.settings.mapOfEnvironment(tx, from.id);
    const targets = await this.settings.mapOfEnvironment(tx, to.id);
    const byKey = new Map(all.map((flag) => [flag.key, flag]));
    const stale: Problem[] = [];
    const unknown: Problem[] = [];
    const planned: PlannedPromotion[] = [];
    promotion.flags.forEach((wish, index) => {
      const flag = byKey.get(wish.flag);
      if (flag === undefined) return void unknown.push(unknownFlag(wish.flag, index));
      const source = sources.get(flag.id) ?? untouchedSettings(flag);
      const target = targets.get(flag.id) ?? untouchedSettings(flag);
      stale.push(...staleProblems(wish, index, { source, target }));
      planned.push({ index, flag: flag.key, content: carryOver(source, target, promotion.fields) });
    });
    if (stale.length > 0) throw staleSettings(stale);
    const contents = planned.map(({ content }) => content);
    const around = await this.catalog.surroundings(tx, { projectId: to.projectId, environmentId: to.id }, contents);
    const untouched = new Set(all.filter(({ id }) => !targets.has(id)).map(({ key }) => key));
    const inTheWay = promotionProblems(planned, around, { environment: to.key, untouched });
    refuseWith([...unknown, ...inTheWay], 'promotion');
    return planned;
  }
}

function sameEnvironment(key: string): Error {
  return invalid('SAME_ENVIRONMENT', `Settings of "${key}" cannot be promoted to itself; name another environment.`);
}

function unknownFlag(key: string, index: number): Problem {
  const message = `There is no flag "${key}" in this project.`;
  return { pointer: `/flags/${index}/flag`, code: 'FLAG_UNKNOWN', message };
}

function staleSettings(problems: readonly Problem[]): Error {
  const message = 'Some of these settings were changed since you looked; nothing was promoted. Compare again.';
  return precondition('VERSION_STALE', message, { problems });
}
