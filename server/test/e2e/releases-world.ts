import { randomUUID } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';
import type { ReleaseView } from '../../src/releases/release-view.js';
import { aDigest } from '../builders/a-service.js';
import type { Answer, Api, TestServer } from './start-test-server.js';

/** More than a busy machine needs for a handful of ticks, and less than a test may take: it is to tell what it saw last. */
const PATIENCE_MS = 90_000;

/** What a release measured, by arm: units, bad ones, and callers met. */
export type Arms = Readonly<Record<'stable' | 'candidate', { readonly units: number; readonly bad: number }>>;

/** A shop whose releases a test makes, watches and spoils, through the APIs that everybody uses. */
export class ReleasesWorld {
  private flags = 0;
  private policies = 0;

  private constructor(
    readonly api: Api,
    readonly sdk: Api,
    /** Another person. */
    readonly reviewer: Api,
    private readonly secrets: Readonly<Record<'admin' | 'sdk' | 'reviewer', string>>,
  ) {}

  static async furnish({ api, as }: Pick<TestServer, 'api' | 'as'>): Promise<ReleasesWorld> {
    await api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'production' }] });
    const secretOf = async (kind: string, more: object): Promise<string> => {
      return bodyOf<{ secret: string }>(await api('POST', '/api/v1/tokens', { kind, name: kind, ...more })).secret;
    };
    const sdk = await secretOf('server', { project: 'shop', environment: 'production' });
    // Two people, whose tokens a third hands out.
    const secrets = { sdk, admin: await secretOf('admin', {}), reviewer: await secretOf('admin', {}) };
    return ReleasesWorld.at(as, secrets);
  }

  private static at(as: TestServer['as'], secrets: ReleasesWorld['secrets']): ReleasesWorld {
    return new ReleasesWorld(as(secrets.admin), as(secrets.sdk), as(secrets.reviewer), secrets);
  }

  /** The same shop, asked through another server with the same tokens. */
  through(as: TestServer['as']): ReleasesWorld {
    return ReleasesWorld.at(as, this.secrets);
  }

  async flag(): Promise<string> {
    const key = `flag-${(this.flags += 1)}`;
    await this.done('POST', '/projects/shop/flags', { key, type: 'boolean' });
    return key;
  }

  async policy(document: object): Promise<string> {
    const key = `policy-${(this.policies += 1)}`;
    await this.done('POST', '/projects/shop/policies', { key, name: key, document });
    return key;
  }

  /** Reports versions of a service as installed; the first of them gets all callers. */
  async installed(service: string, ...versions: readonly string[]): Promise<void> {
    for (const version of versions) {
      const digest = aDigest(version.slice(-1));
      await this.done('POST', '/projects/shop/deployments', { environment: 'production', service, version, digest });
    }
  }

  /** Asks for a release of a flag, started at once unless said. */
  release(flag: string, policy: string, more: object = {}): Promise<Answer> {
    return this.ask({ changes: [{ kind: 'flag', flag, ramp: { variation: 'on' } }], policy, start: true, ...more });
  }

  ask(body: object): Promise<Answer> {
    return this.api('POST', '/api/v1/releases', { project: 'shop', environment: 'production', ...body });
  }

  command(id: string, verb: string, body?: object, as = this.api): Promise<Answer> {
    return as('POST', `/api/v1/releases/${id}/${verb}`, body);
  }

  async read(id: string): Promise<ReleaseView> {
    return bodyOf<ReleaseView>(await this.api('GET', `/api/v1/releases/${id}`));
  }

  /** What a flag decides, without what every edit changes. */
  async settings(flag: string): Promise<object> {
    const answer = await this.api('GET', `/api/v1/projects/shop/flags/${flag}/environments/production`);
    const { version: _version, updatedAt: _updatedAt, ...content } = bodyOf<Record<string, unknown>>(answer);
    return content;
  }

  /** Looks at a release until it is as expected; gives up with what it was last. */
  async until(id: string, isSo: (release: ReleaseView) => boolean): Promise<ReleaseView> {
    const end = Date.now() + PATIENCE_MS;
    while (Date.now() < end) {
      const release = await this.read(id);
      if (isSo(release)) return release;
      await later(25);
    }
    throw new Error(`Never came to be: ${JSON.stringify(await this.read(id))}`);
  }

  /** Reports what units of both arms did, as the SDK of an instance that serves whatever is newest. */
  async report({ rollout }: Pick<ReleaseView, 'rollout'>, subject: string, arms: Arms): Promise<Answer> {
    const measurements = Object.entries(arms).map(([arm, { units, bad }]) => {
      const sums = { n: units, bad, anonymousBad: bad, sum: 0, sumSquares: 0 };
      return { rollout: rollout?.id, subject, arm, metric: 'unit', ...sums };
    });
    const now = new Date().toISOString();
    const applied = { revision: 1_000_000, revisionAppliedAt: now };
    return this.sdk('POST', '/sdk/v1/telemetry', {
      batchId: randomUUID(),
      instance: { id: 'i', name: 'shop-1', sdk: 'test', ...applied },
      from: now,
      to: now,
      evaluations: [],
      measurements,
    });
  }

  private async done(method: string, path: string, body: object): Promise<void> {
    const answer = await this.api(method, `/api/v1${path}`, body);
    if (answer.status < 300) return;
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}

/** What was answered, which the API's contract gives its shape. */
export function bodyOf<T>(answer: Answer): T {
  return answer.body as T;
}
