import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createClient, type SluiceClient } from '@sluice/sdk';
import { ADMIN, KillableServer } from '../clients/killable-server.js';
import { makeDataDir } from '../contracts/in-folder.js';

// Starts of whole servers, beside other suites on few cores.
jest.setTimeout(240_000);

const KILLS = 3;
const WRITERS = 4;

let dataDir: string;
let server: KillableServer;
const clients: SluiceClient[] = [];

beforeEach(async () => {
  dataDir = await makeDataDir();
  server = await KillableServer.start(dataDir);
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await server.kill();
  await rm(dataDir, { recursive: true, force: true });
});

async function send<T>({ url }: KillableServer, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json', 'if-match': '*' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Creates flags and switches them on until the server is gone; answers the keys it was told are switched on. */
async function writeUntilGone(
  server: KillableServer,
  prefix: string,
  onWritten: () => void,
): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  try {
    for (let index = 0; index < 10_000; index += 1) {
      const key = `${prefix}-${index}`;
      await send(server, 'POST', '/projects/shop/flags', { key, type: 'boolean' });
      await send(server, 'PATCH', `/projects/shop/flags/${key}/environments/production`, { on: true });
      acknowledged.push(key);
      onWritten();
    }
  } catch {
    // The kill.
  }
  return acknowledged;
}

interface Flag {
  readonly key: string;
  readonly environments: { readonly production: { readonly on: boolean; readonly version: number } };
}

async function allFlags(server: KillableServer): Promise<readonly Flag[]> {
  const flags: Flag[] = [];
  for (let after = ''; ;) {
    const path = `/projects/shop/flags?limit=200${after === '' ? '' : `&after=${after}`}`;
    const page = await send<{ items: Flag[]; nextCursor: string | null }>(server, 'GET', path);
    flags.push(...page.items);
    if (page.nextCursor === null) return flags;
    after = page.nextCursor;
  }
}

describe('a server killed in the middle of writes', () => {
  it('has every acknowledged change, no half-written one, a whole audit chain, and streams that resume', async () => {
    const port = new URL(server.url).port;
    await send(server, 'POST', '/projects', { key: 'shop' });
    const scope = { kind: 'server', name: 'shop', project: 'shop', environment: 'production' };
    const { secret } = await send<{ secret: string }>(server, 'POST', '/tokens', scope);
    const sluice = await createClient({ url: server.url, token: secret, cacheDir: false });
    clients.push(sluice);

    const acknowledged: string[] = [];
    for (let round = 0; round < KILLS; round += 1) {
      let written = 0;
      let isEnough: () => void = () => undefined;
      const enough = new Promise<void>((resolve) => (isEnough = resolve));
      const writers = Array.from({ length: WRITERS }, (_, writer) =>
        writeUntilGone(server, `flag-${round}-${writer}`, () => {
          written += 1;
          if (written === 5 * WRITERS) isEnough();
        }),
      );
      await enough;
      await server.kill();
      acknowledged.push(...(await Promise.all(writers)).flat());
      server = await KillableServer.start(dataDir, port);

      const flags = await allFlags(server);
      const on = new Set(flags.filter(({ environments }) => environments.production.on).map(({ key }) => key));
      expect(acknowledged.filter((key) => !on.has(key))).toEqual([]);
      const { environments } = await send<{ environments: { key: string; revision: number }[] }>(
        server,
        'GET',
        '/projects/shop',
      );
      const revision = environments.find(({ key }) => key === 'production')?.revision;
      // One revision for each flag that exists and one for each that is on: nothing in between was kept.
      expect(revision).toBe(flags.length + on.size);
      const audit = await send<{ isIntact: boolean; entries: number }>(server, 'GET', '/audit/verify');
      // The admin token, the project and the SDK's token come before the flags.
      expect(audit).toMatchObject({ isIntact: true, entries: 3 + flags.length + on.size });
    }

    const last = acknowledged.at(-1) ?? '';
    const isServed = new Promise<void>((resolve) => {
      const look = (): void => {
        if (sluice.boolean(last, { targetingKey: 'ada' }, false)) resolve();
      };
      sluice.on('changed', look);
      look();
    });
    await isServed;
    expect(sluice.state).toBe('ready');
  });
});
