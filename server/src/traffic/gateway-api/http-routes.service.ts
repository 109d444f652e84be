import { Injectable } from '@nestjs/common';
import { ServicesReader } from '../../deployments/index.js';
import { notFound } from '../../kernel/errors.js';
import type { RequestContext } from '../../kernel/request-context.js';
import { Transactions } from '../../kernel/transactions.js';
import { ProjectsReader } from '../../projects/index.js';
import { type HttpRouteManifest, httpRouteOf, type HttpRouteShape } from './http-route.js';

/** Writes HTTPRoutes for people who apply them themselves. */
@Injectable()
export class HttpRoutes {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly services: ServicesReader,
  ) {}

  /** The HTTPRoute that sends callers of a service where the store says now. Throws `notFound` where nothing is installed. */
  print(
    ctx: RequestContext,
    target: { readonly project: string; readonly environment: string; readonly service: string },
    shape: HttpRouteShape,
  ): Promise<HttpRouteManifest> {
    const { project, environment: key, service } = target;
    return this.transactions.read(async (tx) => {
      const environment = await this.projects.environment(tx, ctx, project, key);
      const all = await this.services.trafficOf(tx, environment.id);
      const traffic = all.find((each) => each.service === service);
      if (traffic === undefined) {
        const sentence = `No version of "${service}" was ever reported as installed in ${key}; report its deployment first.`;
        throw notFound('SERVICE_NOT_INSTALLED', sentence);
      }
      const { stable, candidate } = traffic;
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
