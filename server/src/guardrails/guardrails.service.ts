import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { EventLog } from '../events/index.js';
import { FlagsReader } from '../flags/index.js';
import { Clock } from '../kernel/clock.js';
import { notFound } from '../kernel/errors.js';
import { type ExpectedVersion, refuseStale, requireVersion } from '../kernel/expected-version.js';
import { Ids } from '../kernel/ids.js';
import { RESOURCE_KEY } from '../kernel/key.js';
import { type Page, type PageRequest, toPage } from '../kernel/page.js';
import { environmentsInScope, type RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { type Environment, ProjectsReader } from '../projects/index.js';
import type { Guardrail } from './guardrail.js';
import { eventOf } from './guardrail-event.js';
import { acknowledge, UNKNOWN_STANDING } from './guardrail-state.js';
import { GuardrailsRepository } from './guardrails.repository.js';
import { applyGuardrailEdit, parseAcknowledgement, parseGuardrailDraft } from './parse-guardrail.js';

/** A guardrail with the key of its environment. */
export type PlacedGuardrail = Guardrail & { readonly environment: string };

/** Names a guardrail, by keys. */
export interface GuardrailKeys {
  readonly project: string;
  readonly environment: string;
  readonly guardrail: string;
}

/** What a change of a guardrail goes on record as. */
interface Change {
  readonly action: string;
  readonly after: Guardrail;
}

@Injectable()
export class GuardrailsService {
  // Eight, because what people do to guardrails is checked against flags and told to whoever listens.
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly flags: FlagsReader,
    private readonly guardrails: GuardrailsRepository,
    private readonly events: EventLog,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** A project's guardrails in order of creation; of one environment only, for a caller who is bound to it. */
  list(
    ctx: RequestContext,
    projectKey: string,
    page: PageRequest,
    environmentKey: string | undefined,
  ): Promise<Page<PlacedGuardrail>> {
    return this.transactions.read(async (tx) => {
      const { id } = await this.projects.project(tx, ctx, projectKey);
      const environmentIds =
        environmentKey === undefined
          ? environmentsInScope(ctx, id)
          : [(await this.projects.environment(tx, ctx, projectKey, environmentKey)).id];
      const rows = await this.guardrails.listPage(tx, id, page, environmentIds);
      const environments = await this.projects.environmentsOf(tx, id);
      const keys = new Map(environments.map((environment) => [environment.id, environment.key]));
      const placed = rows.map((row) => ({ ...row, environment: keys.get(row.environmentId) ?? '' }));
      return toPage(placed, page.limit, (guardrail) => guardrail.id);
    });
  }

  get(ctx: RequestContext, at: GuardrailKeys): Promise<PlacedGuardrail> {
    return this.transactions.read(async (tx) => {
      const environment = await this.projects.environment(tx, ctx, at.project, at.environment);
      return { ...(await this.require(tx, environment, at.guardrail)), environment: environment.key };
    });
  }

  create(ctx: RequestContext, projectKey: string, body: unknown): Promise<PlacedGuardrail> {
    return this.transactions.run(async (tx) => {
      const project = await this.projects.project(tx, ctx, projectKey);
      const flags = await this.flags.keys(tx, project.id);
      const { environment: environmentKey, ...draft } = parseGuardrailDraft(body, (key) => flags.has(key));
      const environment = await this.projects.environment(tx, ctx, projectKey, environmentKey);
      const now = this.clock.now();
      const created: Guardrail = {
        ...draft,
        ...UNKNOWN_STANDING,
        id: this.ids.next(),
        projectId: project.id,
        environmentId: environment.id,
        ...NEVER_CHECKED,
        changedAt: now,
        nextCheckAt: now,
        createdAt: now,
        version: 1,
      };
      await this.guardrails.insert(tx, created);
      const subject = subjectOf(created, environment);
      await this.audit.record(tx, ctx, 'guardrail.created', {
        projectId: project.id,
        subject,
        after: recordOf(created),
      });
      return { ...created, environment: environment.key };
    });
  }

  /** A new statement begins anew: what is known of the old one says nothing about it, and holds nothing any more. */
  edit(ctx: RequestContext, at: GuardrailKeys, expected: ExpectedVersion, body: unknown): Promise<PlacedGuardrail> {
    return this.change(ctx, at, async (tx, before) => {
      requireVersion(expected, before.version);
      const flags = await this.flags.keys(tx, before.projectId);
      const edited = { ...before, ...applyGuardrailEdit(before, body, (key) => flags.has(key)) };
      if (isDeepStrictEqual(edited, before)) return undefined;
      const now = this.clock.now();
      const isSame = isDeepStrictEqual(edited.statement, before.statement);
      const begun = { ...UNKNOWN_STANDING, ...NEVER_CHECKED, changedAt: now };
      const after = { ...edited, ...(isSame ? {} : begun), nextCheckAt: now };
      return { action: 'guardrail.edited', after };
    });
  }

  /** Says that a person has seen that it is broken; again, to say something else. */
  acknowledge(
    ctx: RequestContext,
    at: GuardrailKeys,
    expected: ExpectedVersion,
    body: unknown,
  ): Promise<PlacedGuardrail> {
    const { comment, release } = parseAcknowledgement(body);
    return this.change(ctx, at, (_tx, before) => {
      refuseStale(expected, before.version);
      const now = this.clock.now();
      const { id: actorId, name: actorName } = ctx.actor;
      const standing = acknowledge(before, { actorId, actorName, comment, release, at: now.toISOString() });
      const changedAt = standing.state === before.state ? before.changedAt : now;
      return Promise.resolve({ action: 'guardrail.acknowledged', after: { ...before, ...standing, changedAt } });
    });
  }

  /** Deletes a guardrail and answers it as it was. */
  delete(ctx: RequestContext, at: GuardrailKeys, expected: ExpectedVersion): Promise<PlacedGuardrail> {
    return this.transactions.run(async (tx) => {
      const environment = await this.projects.environment(tx, ctx, at.project, at.environment);
      const before = await this.require(tx, environment, at.guardrail);
      requireVersion(expected, before.version);
      await this.guardrails.delete(tx, before);
      const subject = subjectOf(before, environment);
      await this.audit.record(tx, ctx, 'guardrail.deleted', {
        projectId: before.projectId,
        subject,
        before: recordOf(before),
      });
      return { ...before, environment: environment.key };
    });
  }

  private change(
    ctx: RequestContext,
    at: GuardrailKeys,
    wanted: (tx: Transaction, before: Guardrail) => Promise<Change | undefined>,
  ): Promise<PlacedGuardrail> {
    return this.transactions.run(async (tx) => {
      const environment = await this.projects.environment(tx, ctx, at.project, at.environment);
      // Locked, so that a check that ends meanwhile is not what people collide with.
      const before = await this.require(tx, environment, at.guardrail, 'locked');
      const change = await wanted(tx, before);
      if (change === undefined) return { ...before, environment: environment.key };
      const after = await this.guardrails.save(tx, change.after);
      if (change.action === 'guardrail.acknowledged') {
        const { comment = '', release = false } = after.acknowledgement ?? {};
        const said = { by: ctx.actor.name, comment, release };
        await this.events.append(tx, eventOf('dev.sluice.guardrail.acknowledged', after, this.clock.now(), said));
      }
      const subject = subjectOf(after, environment);
      const recorded = { before: recordOf(before), after: recordOf(after) };
      await this.audit.record(tx, ctx, change.action, { projectId: after.projectId, subject, ...recorded });
      return { ...after, environment: environment.key };
    });
  }

  private async require(
    tx: Transaction,
    environment: Environment,
    key: string,
    manner: 'read' | 'locked' = 'read',
  ): Promise<Guardrail> {
    const find = (): Promise<Guardrail | null> =>
      manner === 'locked'
        ? this.guardrails.lockByKey(tx, environment.id, key)
        : this.guardrails.findByKey(tx, environment.id, key);
    const guardrail = RESOURCE_KEY.test(key) ? await find() : null;
    if (guardrail !== null) return guardrail;
    throw notFound('GUARDRAIL_NOT_FOUND', `Environment "${environment.key}" has no guardrail "${key}".`);
  }
}

const NEVER_CHECKED = { reason: '', lastCheck: null, recentChecks: [], watchedSince: null } as const;

/** What of a guardrail goes on record: what checks found lately is no change of it. */
function recordOf({ recentChecks: _recentChecks, ...guardrail }: Guardrail): object {
  return guardrail;
}

function subjectOf({ key }: Guardrail, environment: Environment): string {
  return `guardrail/${key}/${environment.key}`;
}
