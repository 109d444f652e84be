import { Injectable } from '@nestjs/common';
import { ServicesReader } from '../../deployments/index.js';
import { Clock } from '../../kernel/clock.js';
import { notFound } from '../../kernel/errors.js';
import type { RequestContext } from '../../kernel/request-context.js';
import { Transactions } from '../../kernel/transactions.js';
import type { ReleaseView } from '../release-view.js';
import { ReleasesReader } from '../releases-reader.service.js';
import type { NamedRelease } from './flagger-hook.js';
import { analysisOf, analysisOfVersion, type ReleaseAnalysis, type VersionStanding } from './release-analysis.js';

/** Tells other tools that move traffic how releases stand: from the store alone, so that the answer is there at once. */
@Injectable()
export class ReleaseAnalyses {
  constructor(
    private readonly transactions: Transactions,
    private readonly releases: ReleasesReader,
    private readonly services: ServicesReader,
    private readonly clock: Clock,
  ) {}

  /** Of a release, or of the newest that releases a version of a service. Throws `notFound` where there is none. */
  async analyse(ctx: RequestContext, named: NamedRelease): Promise<ReleaseAnalysis> {
    if (named.kind === 'release') return this.analysis(await this.releases.get(ctx, named.id));
    const { kind: _kind, ...filter } = named;
    const { items } = await this.releases.list(ctx, { limit: 1, after: undefined }, filter);
    const [newest] = items;
    if (newest !== undefined) return analysisOfVersion(this.analysis(newest), await this.standing(newest, named));
    const { service, version, environment } = named;
    const sentence = `There is no release of ${service} ${version} in ${environment}; create it before you ask for it.`;
    throw notFound('RELEASE_NOT_FOUND', sentence);
  }

  private analysis(release: ReleaseView): ReleaseAnalysis {
    return analysisOf(release, this.clock.now());
  }

  private standing(
    { projectId, environmentId, finishedAt }: ReleaseView,
    { service: key, version }: { readonly service: string; readonly version: string },
  ): Promise<VersionStanding> {
    return this.transactions.read(async (tx) => {
      const traffic = (await this.services.trafficOf(tx, environmentId)).find(({ service }) => service === key);
      const installedAt = await this.services.installedAt(tx, { projectId, environmentId, key }, version);
      const isDeployedAgain = finishedAt !== null && installedAt !== null && installedAt > finishedAt;
      return { isStable: traffic?.stable.version === version, isDeployedAgain };
    });
  }
}
