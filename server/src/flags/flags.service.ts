import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { Clock } from '../kernel/clock.js';
import { conflict, type Problem, refuseWith } from '../kernel/errors.js';
import { type ExpectedVersion, requireVersion } from '../kernel/expected-version.js';
import { Ids } from '../kernel/ids.js';
import { addProblems } from '../kernel/parse.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { ProjectsReader, ProjectTransactions } from '../projects/index.js';
import type { Flag, FlagWithSettings } from './flag.js';
import { FlagCatalog } from './flag-catalog.service.js';
import { FlagHolds } from './flag-holds.service.js';
import { FlagsRepository } from './flags.repository.js';
import { applyFlagEdit, parseFlagDraft } from './parse-flag.js';
import { settingsProblems } from './parse-settings.js';

/** What a flag is: its definition, the same in every environment. */
@Injectable()
export class FlagsService {
  // Eight, because a flag is one thing to all environments of its project and to every ramp in them.
  constructor(
    private readonly transactions: ProjectTransactions,
    private readonly projects: ProjectsReader,
    private readonly flags: FlagsRepository,
    private readonly catalog: FlagCatalog,
    private readonly holds: FlagHolds,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** The tags that flags of a project have, in order. */
  tags(ctx: RequestContext, projectKey: string): Promise<readonly string[]> {
    return this.transactions.read(ctx, projectKey, (tx, project) => this.flags.listTags(tx, project.id));
  }

  get(ctx: RequestContext, projectKey: string, key: string): Promise<FlagWithSettings> {
    return this.transactions.read(ctx, projectKey, async (tx, project) => {
      return this.withSettings(tx, await this.catalog.require(tx, project, key));
    });
  }

  create(ctx: RequestContext, projectKey: string, body: unknown): Promise<FlagWithSettings> {
    const draft = parseFlagDraft(body);
    return this.transactions.change(ctx, projectKey, async (tx, project) => {
      const now = this.clock.now();
      const created: Flag = {
        ...draft,
        id: this.ids.next(),
        projectId: project.id,
        version: 1,
        createdAt: now,
        updatedAt: now,
      };
      await this.flags.insert(tx, created);
      const subject = `flag/${created.key}`;
      await this.audit.record(tx, ctx, 'flag.created', { projectId: project.id, subject, after: created });
      return this.withSettings(tx, created);
    });
  }

  edit(
    ctx: RequestContext,
    at: { project: string; flag: string },
    expected: ExpectedVersion,
    body: unknown,
  ): Promise<FlagWithSettings> {
    return this.transactions.change(ctx, at.project, async (tx, project) => {
      const before = await this.catalog.require(tx, project, at.flag);
      requireVersion(expected, before.version);
      const problems: Problem[] = [];
      const content = applyFlagEdit(before, body, problems);
      const edited = { ...before, ...content, updatedAt: this.clock.now() };
      addProblems(problems, await this.lostVariationProblems(tx, before, edited));
      refuseWith(problems, 'flag');
      if (!keepsVariations(before, edited)) await this.refuseRamping(tx, before);
      await this.holds.refuseNeeded(tx, before, lostVariations(before, edited));
      const after = await this.flags.save(tx, edited);
      const subject = `flag/${before.key}`;
      await this.audit.record(tx, ctx, 'flag.edited', { projectId: project.id, subject, before, after });
      return this.withSettings(tx, after);
    });
  }

  delete(ctx: RequestContext, at: { project: string; flag: string }, expected: ExpectedVersion): Promise<void> {
    return this.transactions.change(ctx, at.project, async (tx, project) => {
      const before = await this.withSettings(tx, await this.catalog.require(tx, project, at.flag));
      requireVersion(expected, before.version);
      const usedBy = (await this.catalog.dependants(tx, before)).map((use) => `flag/${use.flag} in ${use.environment}`);
      if (usedBy.length > 0) {
        const message = `Flag "${before.key}" is a prerequisite of ${usedBy.join(', ')}; take it out there first.`;
        throw conflict('FLAG_IN_USE', message, { data: { usedBy } });
      }
      await this.refuseRamping(tx, before);
      await this.holds.refuseNeeded(tx, before, lostVariations(before, { variations: [] }));
      await this.flags.delete(tx, before);
      const subject = `flag/${before.key}`;
      await this.audit.record(tx, ctx, 'flag.deleted', { projectId: project.id, subject, before });
    });
  }

  private async withSettings(tx: Transaction, flag: Flag): Promise<FlagWithSettings> {
    const [found] = await this.catalog.withSettings(tx, flag.projectId, [flag]);
    // withSettings answers one for one.
    return found as FlagWithSettings;
  }

  /** What is being compared stays what it is until the comparison is over. */
  private async refuseRamping(tx: Transaction, { id, projectId }: Flag): Promise<void> {
    const environments = await this.projects.environmentsOf(tx, projectId);
    const places = environments.map((environment) => ({ flagId: id, environmentId: environment.id }));
    await this.holds.refuseHeld(tx, places, 'Wait for its end, or abort it first.');
  }

  /** A variation that settings anywhere still name cannot go. */
  private async lostVariationProblems(tx: Transaction, before: Flag, edited: Flag): Promise<readonly Problem[]> {
    const kept = new Set(edited.variations.map(({ key }) => key));
    if (before.variations.every(({ key }) => kept.has(key))) return [];
    const { environments } = await this.withSettings(tx, before);
    const own = Object.entries(environments)
      .filter(([, { version }]) => version > 0)
      .flatMap(([environment, settings]) =>
        settingsProblems(settings, kept).map(({ code, message, pointer }): Problem => {
          return { pointer: '/variations', code, message: `In ${environment}, at ${pointer}: ${message}` };
        }),
      );
    const others = (await this.catalog.dependants(tx, before)).flatMap(({ flag, environment, variations }) =>
      variations
        .filter((variation) => !kept.has(variation))
        .map((variation): Problem => {
          const message = `In ${environment}, flag "${flag}" has "${variation}" as its prerequisite.`;
          return { pointer: '/variations', code: 'VARIATION_IN_USE', message };
        }),
    );
    return [...own, ...others];
  }
}

/** Whether all that can be served stays as it is; more may come. */
function keepsVariations(before: Flag, edited: Pick<Flag, 'variations'>): boolean {
  const after = new Map(edited.variations.map(({ key, value }) => [key, value]));
  return before.variations.every(({ key, value }) => after.has(key) && isDeepStrictEqual(after.get(key), value));
}

/** Keys of what can be served no more. */
function lostVariations(before: Flag, edited: Pick<Flag, 'variations'>): readonly string[] {
  const kept = new Set(edited.variations.map(({ key }) => key));
  return before.variations.map(({ key }) => key).filter((key) => !kept.has(key));
}
