import { randomUUID } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';
import { createClient, type Logger, type SluiceClient } from '@sluice/sdk';
import type { Sighting } from './history.js';
import type { Outcome, Write } from './write-record.js';

/** Longer than any answer takes whose server is well. */
const PATIENCE_MS = 4_000;
const BETWEEN_CHANGES_MS = 100;
const BETWEEN_FLAGS_MS = 400;
const RETRY_MS = 200;

/** Answers the status that a replica gave, or undefined when it gave none in time. */
export type Ask = (
  url: string,
  method: string,
  path: string,
  body: object,
  marks?: { readonly requestId: string; readonly idempotencyKey?: string },
) => Promise<number | undefined>;

/** Calls with a token. Never rejects: whoever calls while things break wants to know what was said. */
export function askWith(token: string): Ask {
  return async (url, method, path, body, marks) => {
    try {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'if-match': '*',
          ...(marks !== undefined && { 'x-request-id': marks.requestId }),
          ...(marks?.idempotencyKey !== undefined && { 'idempotency-key': `"${marks.idempotencyKey}"` }),
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return undefined;
    }
  };
}

/** Changes one flag and creates others through all replicas, whatever happens to them, until it is told to stop. */
export class Writers {
  /** All that were told what became of them: of the flag that everybody changes, and of those that were created. */
  readonly writes: Write[] = [];
  /** Keys of flags that a replica said it has created. */
  readonly created: string[] = [];
  private isStopped = false;
  private moment = 0;
  private readonly work: readonly Promise<void>[];

  constructor(
    private readonly ask: Ask,
    private readonly urls: readonly string[],
    private readonly about: { readonly project: string; readonly flag: string; readonly values: number },
  ) {
    this.work = [this.change(), this.create('a'), this.create('b')];
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.work);
  }

  private async change(): Promise<void> {
    const { project, flag, values } = this.about;
    for (let n = 1; !this.isStopped; n += 1) {
      const value = n % values;
      const path = `/projects/${project}/flags/${flag}/environments/production`;
      const body = { defaultServe: { variation: `v${value}` } };
      const [requestId, begun] = [randomUUID(), this.nextMoment()];
      const outcome = outcomeOf(await this.ask(this.urlOf(n), 'PATCH', path, body, { requestId }));
      const what = `flag/${flag}/production v${value}`;
      this.writes.push({ id: requestId, what, outcome, begun, ended: this.nextMoment() });
      await later(BETWEEN_CHANGES_MS);
    }
  }

  /** Asks again, by the same Idempotency-Key, wherever there is somebody, until it is told that the flag is there. */
  private async create(writer: string): Promise<void> {
    const { project } = this.about;
    for (let n = 0; !this.isStopped; n += 1) {
      const key = `made-by-${writer}-${n}`;
      const marks = { requestId: randomUUID(), idempotencyKey: randomUUID() };
      const begun = this.nextMoment();
      let outcome: Outcome = 'unknown';
      for (let tries = 0; !this.isStopped; tries += 1) {
        const body = { key, type: 'boolean' };
        const status = await this.ask(this.urlOf(n + tries), 'POST', `/projects/${project}/flags`, body, marks);
        if (status === 201) {
          this.created.push(key);
          outcome = 'accepted';
          break;
        }
        await later(RETRY_MS);
      }
      this.writes.push({ id: marks.requestId, what: `flag/${key}`, outcome, begun, ended: this.nextMoment() });
      await later(BETWEEN_FLAGS_MS);
    }
  }

  private nextMoment(): number {
    this.moment += 1;
    return this.moment;
  }

  private urlOf(n: number): string {
    return this.urls[n % this.urls.length] ?? '';
  }
}

/** What was said of a write. Who was not answered, or was told of a fault, cannot know. */
function outcomeOf(status: number | undefined): Outcome {
  if (status === undefined || status >= 500) return 'unknown';
  return status < 300 ? 'accepted' : 'refused';
}

/** What breaks is the test's doing. */
export const SILENT: Logger = { debug: noop, info: noop, warn: noop, error: noop };

function noop(): void {
  // Nobody reads it.
}

/** Services that serve the flag, each by an SDK of its own, through the balancer. */
export class Observers {
  readonly sightings: Sighting[] = [];

  private constructor(
    private readonly clients: readonly SluiceClient[],
    private readonly flag: string,
  ) {}

  static async connect(url: string, token: string, about: { flag: string; count: number }): Promise<Observers> {
    const { flag, count } = about;
    const connectOne = (): Promise<SluiceClient> => createClient({ url, token, cacheDir: false, logger: SILENT });
    const clients = await Promise.all(Array.from({ length: count }, connectOne));
    const observers = new Observers(clients, flag);
    clients.forEach((client, index) => {
      const look = (): void => observers.see(client, `observer ${index}`);
      client.on('changed', look);
      look();
    });
    return observers;
  }

  /** Waits until all of them serve a value at one revision; fails with what they serve. */
  async agree(value: number, withinMs: number): Promise<void> {
    const end = Date.now() + withinMs;
    for (;;) {
      const seen = this.clients.map((client) => [client.revision, this.read(client)] as const);
      if (seen.every(([revision, own]) => own === value && revision === seen[0]?.[0])) return;
      if (Date.now() > end) throw new Error(`They serve ${JSON.stringify(seen)} and not ${value}.`);
      await later(25);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
  }

  private see(client: SluiceClient, observer: string): void {
    const { revision } = client;
    if (revision !== null) this.sightings.push({ observer, revision, value: this.read(client) });
  }

  private read(client: SluiceClient): number {
    return client.number(this.flag, { targetingKey: 'ada' }, -1);
  }
}
