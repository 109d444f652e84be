import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import canonicalize from 'canonicalize';
import { ServicesReader } from '../deployments/index.js';
import { Clock } from '../kernel/clock.js';
import { conflict, precondition } from '../kernel/errors.js';
import { Ids } from '../kernel/ids.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { PoliciesReader } from '../policies/index.js';
import { ProjectsReader } from '../projects/index.js';
import type { RolloutPlace } from '../rollouts/index.js';
import { PatternVetting } from '../segments/index.js';
import { FlagDebt } from './flag-debt.service.js';
import { type DraftChange, parseReleaseDraft, type ReleaseDraft } from './parse-release.js';
import { naturalKeyOf, type Release, type ReleaseChange } from './release.js';
import { samplingProblem } from './sampling-problem.js';

/** Puts a release together from what asks for it: the builds, the policy and where it belongs. Stores nothing. */
@Injectable()
export class ReleaseComposer {
  // Seven, because what is asked for is looked up in all that it names.
  constructor(
    private readonly patterns: PatternVetting,
    private readonly projects: ProjectsReader,
    private readonly policies: PoliciesReader,
    private readonly services: ServicesReader,
    private readonly debt: FlagDebt,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Reads what asks for a release; throws `invalid` with every problem. */
  async read(body: unknown): Promise<ReleaseDraft> {
    await this.patterns.vet(body);
    return parseReleaseDraft(body, { now: this.clock.now(), hash: hashOf });
  }

  async place(tx: Transaction, ctx: RequestContext, draft: ReleaseDraft): Promise<RolloutPlace> {
    const project = await this.projects.project(tx, ctx, draft.project);
    return { project, environment: await this.projects.environment(tx, ctx, draft.project, draft.environment) };
  }

  /** The release that is asked for, as it would be made. Throws `notFound` for what is not there. */
  async compose(tx: Transaction, ctx: RequestContext, draft: ReleaseDraft, place: RolloutPlace): Promise<Release> {
    const { environment } = place;
    const project = await this.projects.project(tx, ctx, place.project.key);
    const policy = await this.policies.newest(tx, project, draft.policy, draft.arguments);
    const changes: ReleaseChange[] = [];
    for (const change of draft.changes) changes.push(await this.complete(tx, project.id, change));
    const unsampled = samplingProblem(policy.document, changes);
    if (unsampled !== undefined) throw precondition('POLICY_UNFIT', unsampled);
    await this.debt.require(tx, project.id, policy.document);
    const isScheduled = draft.scheduledAt !== null;
    const content = {
      environmentId: environment.id,
      changes,
      policyKey: policy.key,
      policyVersion: policy.version,
      contentHash: hashOf({ changes, policy: policy.document }),
      scheduledAt: draft.scheduledAt,
    };
    return {
      ...content,
      id: this.ids.next(),
      projectId: project.id,
      name: draft.name,
      description: draft.description,
      status: isScheduled ? 'scheduled' : 'draft',
      reason: isScheduled
        ? {
            code: 'SCHEDULED',
            sentence: `Starts by itself at ${draft.scheduledAt.toISOString()}.`,
            until: draft.scheduledAt.toISOString(),
          }
        : { code: 'CREATED', sentence: 'Waits to be started.' },
      policy: policy.document,
      naturalKey: naturalKeyOf(content),
      createdBy: ctx.actor.id,
      attempt: 0,
      createdAt: this.clock.now(),
      startedAt: null,
      finishedAt: null,
      supersededBy: null,
      confoundedBy: [],
      version: 1,
    };
  }

  /** A service's change with its digest, which is what is released; a version alone may stand for it. */
  private async complete(tx: Transaction, projectId: string, change: DraftChange): Promise<ReleaseChange> {
    if (change.kind !== 'service') return change;
    const { kind, service, version } = change;
    const artifact = await this.services.artifact(tx, projectId, service, version);
    if (change.digest === undefined || change.digest === artifact.digest) {
      return { kind, service, version, digest: artifact.digest };
    }
    const message = `${service} ${version} was reported with the digest ${artifact.digest}, not ${change.digest}.`;
    throw conflict('ARTIFACT_DIFFERS', message, { data: { reported: artifact.digest } });
  }
}

/** SHA-256, hexadecimal. */
function hashOf(content: unknown): string {
  // Plain JSON has a canonical form.
  return createHash('sha256')
    .update(canonicalize(JSON.parse(JSON.stringify(content))) as string)
    .digest('hex');
}
