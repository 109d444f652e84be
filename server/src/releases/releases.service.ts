import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { EnvironmentRevisions } from '../projects/index.js';
import { Rollouts } from '../rollouts/index.js';
import type { Release } from './release.js';
import { ReleaseComposer } from './release-composer.service.js';
import { ReleaseRecord } from './release-record.service.js';
import { ReleaseStarts } from './release-starts.service.js';
import { ReleaseTwins } from './release-twins.service.js';
import type { ReleaseView } from './release-view.js';
import { ReleasesReader } from './releases-reader.service.js';
import { ReleasesRepository } from './releases.repository.js';

/** A release that was asked for, and whether it was not there before. */
export interface CreationOutcome {
  readonly release: ReleaseView;
  readonly isNew: boolean;
}

/** Makes releases. */
@Injectable()
export class ReleasesService {
  // Nine, because making one is also finding it, starting it and telling of it, under the environment's locks.
  constructor(
    private readonly transactions: Transactions,
    private readonly revisions: EnvironmentRevisions,
    private readonly rollouts: Rollouts,
    private readonly composer: ReleaseComposer,
    private readonly twins: ReleaseTwins,
    private readonly releases: ReleasesRepository,
    private readonly starts: ReleaseStarts,
    private readonly record: ReleaseRecord,
    private readonly reader: ReleasesReader,
  ) {}

  /**
   * Makes a release, or finds it (ReleaseTwins). Everything that would keep it from starting as things stand is told
   * at once.
   */
  async create(ctx: RequestContext, body: unknown): Promise<CreationOutcome> {
    const draft = await this.composer.read(body);
    return this.transactions.run(async (tx) => {
      const place = await this.composer.place(tx, ctx, draft);
      await this.revisions.lock(tx, place.environment.id);
      await this.rollouts.hold(tx, place.environment.id);
      const wanted = await this.composer.compose(tx, ctx, draft, place);
      const { overrideRejection } = draft;
      const start = (release: Release): Promise<Release> =>
        this.starts.start(tx, ctx, { release, place }, { overrideRejection });
      const keys = { project: place.project.key, environment: place.environment.key };
      const existing = await this.twins.find(tx, wanted);
      if (existing !== null) {
        const found = draft.start && existing.status === 'draft' ? await start(existing) : existing;
        return { release: await this.reader.view(tx, found, keys), isNew: false };
      }
      await this.rollouts.check(tx, place, wanted.changes);
      await this.starts.requireUnrejected(tx, ctx, wanted, overrideRejection);
      await this.releases.insert(tx, wanted);
      await this.record.created(tx, ctx, wanted);
      const made = draft.start ? await start(wanted) : wanted;
      return { release: await this.reader.view(tx, made, keys), isNew: true };
    });
  }
}
