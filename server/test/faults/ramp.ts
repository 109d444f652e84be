import { createHash } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';
import type { ReleaseView } from '../../src/releases/release-view.js';
import { replayBundle, type VerdictBundle } from '../../src/rollouts/replay.js';
import type { Api } from '../e2e/start-test-server.js';
import { PROJECT } from './fault-world.js';

const PATIENCE_MS = 90_000;
const LOOK_MS = 50;
export const SHARES: readonly number[] = [1_000, 5_000, 20_000, 50_000, 100_000];

interface AuditPage {
  readonly items: readonly {
    readonly action: string;
    readonly at: string;
    readonly after?: { readonly share?: number };
  }[];
}

/** A flag that is being ramped, asked about through whichever replica still answers. */
export class Ramp {
  private constructor(
    private readonly apis: readonly Api[],
    readonly id: string,
  ) {}

  /** Begins one: a flag of its own to everybody in five steps, judged by what a host says of it. */
  static async begin(apis: readonly Api[], key: string, metricUrl: string): Promise<Ramp> {
    const api = await readyOf(apis);
    const done = async (path: string, body: object): Promise<unknown> => {
      const answer = await api('POST', path, body);
      if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    };
    await done(`/api/v1/projects/${PROJECT}/flags`, { key, type: 'boolean' });
    const query = { kind: 'json', url: `${metricUrl}/{{version}}`, path: '$.value' };
    const judge = { kind: 'threshold', atMost: 10 };
    await done(`/api/v1/projects/${PROJECT}/policies`, {
      ...{ key, name: key },
      document: {
        steps: SHARES.map((share) => ({ share, holdSeconds: 1 })),
        metrics: [{ kind: 'query', name: 'latency', query, judge, intervalSeconds: 1, consecutiveErrorLimit: 0 }],
      },
    });
    const release = await done('/api/v1/releases', {
      ...{ project: PROJECT, environment: 'production', policy: key, start: true },
      changes: [{ kind: 'flag', flag: key, ramp: { variation: 'on' } }],
    });
    return new Ramp(apis, (release as ReleaseView).id); // what the API's contract says
  }

  async read(): Promise<ReleaseView> {
    return (await this.ask('GET', `/api/v1/releases/${this.id}`)) as ReleaseView; // as above
  }

  /** Looks until it is as expected; gives up with what it was last. */
  async until(isSo: (release: ReleaseView) => boolean): Promise<ReleaseView> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const release = await this.read();
      if (isSo(release)) return release;
      if (Date.now() > end) throw new Error(`Never came to be: ${JSON.stringify(release)}`);
      await later(LOOK_MS);
    }
  }

  command(verb: string, body: object): Promise<unknown> {
    return this.ask('POST', `/api/v1/releases/${this.id}/${verb}`, body);
  }

  /** Shares it was raised to, in order, as the audit log has them. */
  async raised(): Promise<readonly (number | undefined)[]> {
    return (await this.record()).filter(({ action }) => action === 'release.advanced').map(({ after }) => after?.share);
  }

  /** What the audit log has of it, oldest first. */
  async record(): Promise<AuditPage['items']> {
    const page = (await this.ask('GET', `/api/v1/audit?limit=200&subject=release/${this.id}`)) as AuditPage; // as above
    return page.items.toReversed();
  }

  /** What is wrong with its evidence, judged again from what was measured: nothing, when no verdict was lost or changed. */
  async differences(): Promise<readonly string[]> {
    const bundle = (await this.ask('GET', `/api/v1/releases/${this.id}/verdict`)) as VerdictBundle; // as above
    return replayBundle(bundle, (text) => createHash('sha256').update(text).digest('hex')).differences;
  }

  /** Asks one replica after the other until one answers that the request was taken. */
  private async ask(method: string, path: string, body?: object): Promise<unknown> {
    const end = Date.now() + PATIENCE_MS;
    let said: unknown;
    while (Date.now() < end) {
      for (const api of this.apis) {
        const answer = await api(method, path, body).catch((error: unknown) => void (said = error));
        if (answer !== undefined && answer.status < 300) return answer.body;
        said = answer?.body ?? said;
      }
      await later(LOOK_MS);
    }
    throw new Error(`Nobody answers ${method} ${path}: ${JSON.stringify(said)}`);
  }
}

/** One that can do its work. */
export async function readyOf(apis: readonly Api[]): Promise<Api> {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    for (const api of apis) {
      const answer = await api('GET', '/readyz').catch(() => undefined);
      if (answer?.status === 200) return api;
    }
    await later(LOOK_MS);
  }
  throw new Error('There is nobody to ask.');
}
