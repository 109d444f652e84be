import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { ServiceTraffics } from '../deployments/index.js';
import { conflict } from '../kernel/errors.js';
import type { Transaction } from '../kernel/transactions.js';
import { hasBuilds, type Release } from './release.js';
import { isSettled } from './release-machine.js';
import { ReleasesRepository } from './releases.repository.js';

/** Finds the release that asking again means, so that a pipeline may repeat what it is not sure of. */
@Injectable()
export class ReleaseTwins {
  constructor(
    private readonly releases: ReleasesRepository,
    private readonly traffic: ServiceTraffics,
  ) {}

  /**
   * The release that a wanted one is: of the same builds while they may still be made or were made, of flags alone the
   * same content while it is open. Throws `conflict` when the same builds were asked for otherwise.
   */
  async find(tx: Transaction, wanted: Release): Promise<Release | null> {
    const { naturalKey } = wanted;
    const existing = naturalKey === null ? null : await this.releases.findNatural(tx, naturalKey);
    if (existing === null || ['rolledBack', 'aborted', 'superseded'].includes(existing.status)) return null;
    // The key of flags alone is all that was asked for.
    if (!hasBuilds(wanted)) return isSettled(existing.status) ? null : existing;
    // What was released is still the same only while its builds are what everybody gets: else this is a way back.
    if (existing.status === 'released') return (await this.isStable(tx, existing)) ? existing : null;
    if (existing.contentHash === wanted.contentHash && isDeepStrictEqual(existing.scheduledAt, wanted.scheduledAt))
      return existing;
    const message =
      `Release ${existing.id} has the same builds in this environment, with other changes, another policy or another ` +
      'schedule. Abort it first, or go on with it.';
    throw conflict('RELEASE_DIFFERS', message, { data: { releaseId: existing.id } });
  }

  private async isStable(tx: Transaction, { projectId, environmentId, changes }: Release): Promise<boolean> {
    for (const change of changes) {
      if (change.kind !== 'service') continue;
      const traffic = await this.traffic.current(tx, { projectId, environmentId, key: change.service });
      if (traffic?.stable.digest !== change.digest) return false;
    }
    return true;
  }
}
