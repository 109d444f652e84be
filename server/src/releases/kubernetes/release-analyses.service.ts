import { Injectable } from '@nestjs/common';
import { notFound } from '../../kernel/errors.js';
import type { RequestContext } from '../../kernel/request-context.js';
import { ReleasesReader } from '../releases-reader.service.js';
import type { NamedRelease } from './flagger-hook.js';
import { analysisOf, type ReleaseAnalysis } from './release-analysis.js';

/** Tells other tools that move traffic how releases stand: from the store alone, so that the answer is there at once. */
@Injectable()
export class ReleaseAnalyses {
  constructor(private readonly releases: ReleasesReader) {}

  /** Of a release, or of the newest that releases a version of a service. Throws `notFound` where there is none. */
  async analyse(ctx: RequestContext, named: NamedRelease): Promise<ReleaseAnalysis> {
    if (named.kind === 'release') return analysisOf(await this.releases.get(ctx, named.id));
    const { kind: _kind, ...filter } = named;
    const { items } = await this.releases.list(ctx, { limit: 1, after: undefined }, filter);
    const [newest] = items;
    if (newest !== undefined) return analysisOf(newest);
    const { service, version, environment } = named;
    const sentence = `There is no release of ${service} ${version} in ${environment}; create it before you ask for it.`;
    throw notFound('RELEASE_NOT_FOUND', sentence);
  }
}
