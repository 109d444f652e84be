import { Injectable } from '@nestjs/common';
import { ServicesReader } from '../../deployments/index.js';
import { conflict, notFound } from '../../kernel/errors.js';
import type { RequestContext } from '../../kernel/request-context.js';
import { Transactions } from '../../kernel/transactions.js';
import { ProjectsReader } from '../../projects/index.js';
import { type HttpRouteManifest, httpRouteOf, type HttpRouteShape } from './http-route.js';

/** Which service's callers an HTTPRoute sends, and which version its Service `stable` holds. */
interface PrintTarget {
  readonly project: string;
  readonly environment: string;
  readonly service: string;
  readonly stableVersion: string;
}

/** Writes HTTPRoutes for people who apply them themselves. */
@Injectable()
export class HttpRoutes {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly services: ServicesReader,
  ) {}

  /**
   * The HTTPRoute that sends callers of a service where the store says now. Throws `notFound` where nothing is installed,
   * and `conflict` where another version is the stable one: the two Services would be the wrong way round.
   */
  print(ctx: RequestContext, target: PrintTarget, shape: HttpRouteShape): Promise<HttpRouteManifest> {
    const { project, environment: key, service, stableVersion } = target;
    return this.transactions.read(async (tx) => {
      const environment = await this.projects.environment(tx, ctx, project, key);
      const all = await this.services.trafficOf(tx, environment.id);
      const traffic = all.find((each) => each.service === service);
      if (traffic === undefined) {
        const sentence = `No version of "${service}" was ever reported as installed in ${key}; report its deployment first.`;
        throw notFound('SERVICE_NOT_INSTALLED', sentence);
      }
      const { stable, candidate } = traffic;
      if (stable.version !== stableVersion) {
        const sentence =
          `The stable version of "${service}" in ${key} is ${stable.version} now, not ${stableVersion}: name the Service ` +
          'that holds it as "stable", the other one as "candidate", and its version as "stableVersion".';
        throw conflict('STABLE_VERSION_MOVED', sentence, { data: { stable: stable.version } });
      }
      const manifest = httpRouteOf(shape, candidate?.share ?? 0, `${project}/${key}/${service}`);
      const versions = {
        'sluice.dev/stable-version': stable.version,
        ...(candidate === null ? {} : { 'sluice.dev/candidate-version': candidate.version }),
      };
      const { metadata } = manifest;
      return { ...manifest, metadata: { ...metadata, annotations: { ...metadata.annotations, ...versions } } };
    });
  }
}
