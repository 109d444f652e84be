import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { parseConfig } from '../../src/platform/config/config.js';
import { IdempotencyRepository } from '../../src/platform/http/idempotency.repository.js';
import { type RunningServer, startServer } from '../../src/start-server.js';
import { ADMIN, KillableServer } from '../clients/killable-server.js';
import { makeDataDir } from '../contracts/in-folder.js';
import { IN_MEMORY } from '../contracts/in-memory.js';

// Starts of whole servers, beside other suites on few cores.
jest.setTimeout(240_000);

const KILLS = 3;
const WRITERS = 6;

interface Token {
  readonly id: string;
  readonly name: string;
  readonly secret: string | null;
}
interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Token;
}

async function post(url: string, key: string, path: string, body: object): Promise<Said> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ADMIN}`,
      'content-type': 'application/json',
      'idempotency-key': `"${key}"`,
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Token };
}

/** A token named as the key of the request that made it. */
const postToken = (url: string, name: string) => post(url, name, '/tokens', { kind: 'admin', name });

async function tokenNames(url: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (let after = ''; ;) {
    const path = `/api/v1/tokens?limit=200${after === '' ? '' : `&after=${after}`}`;
    const response = await fetch(url + path, { headers: { authorization: `Bearer ${ADMIN}` } });
    const page = (await response.json()) as { items: Token[]; nextCursor: string | null };
    names.push(...page.items.map(({ name }) => name));
    if (page.nextCursor === null) return names;
    after = page.nextCursor;
  }
}

describe('a POST with an Idempotency-Key', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer(
      parseConfig({
        SLUICE_DATA_DIR: IN_MEMORY,
        SLUICE_HTTP_PORT: '0',
        SLUICE_GRPC_PORT: '0',
        SLUICE_LOG_LEVEL: 'silent',
        SLUICE_ADMIN_TOKEN: ADMIN,
      }),
    );
  });
  afterAll(() => server.close());

  it('did nothing when its answer could not be stored, and may be sent again', async () => {
    const records = server.app.get(IdempotencyRepository, { strict: false });
    const { keepAnswer } = records;
    records.keepAnswer = () => {
      records.keepAnswer = keepAnswer;
      return Promise.reject(new Error('the store went away'));
    };
    expect((await postToken(server.url, 'unlucky')).status).toBe(500);
    expect(await tokenNames(server.url)).not.toContain('unlucky');

    const { status, body } = await postToken(server.url, 'unlucky');
    expect([status, body.secret]).toEqual([201, expect.stringMatching(/^slu_admin_/u)]);
    expect((await tokenNames(server.url)).filter((name) => name === 'unlucky')).toHaveLength(1);
  });

  it.each<[string, string, object]>([
    ['a project', '/projects', { key: 'replayed' }],
    ['a flag', '/projects/replayed/flags', { key: 'flag', type: 'boolean' }],
    ['a segment', '/projects/replayed/segments', { key: 'segment', name: 'Segment' }],
  ])('is answered as before when it made %s: status, body and ETag', async (name, path, draft) => {
    const [first, second] = [await post(server.url, name, path, draft), await post(server.url, name, path, draft)];
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(first.headers.get('etag')).toMatch(/^"\d+"$/u);
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
  });
});

describe('tokens made while the server is killed', () => {
  let dataDir: string;
  let server: KillableServer;
  beforeEach(async () => {
    dataDir = await makeDataDir();
    server = await KillableServer.start(dataDir);
  });
  afterEach(async () => {
    await server.kill();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('are made once, and not by a request that is answered as under way', async () => {
    const acknowledged = new Map<string, string>();
    const unknown: string[] = [];
    for (let round = 0; round < KILLS; round += 1) {
      let isEnough: () => void = () => undefined;
      const enough = new Promise<void>((resolve) => (isEnough = resolve));
      const writers = Array.from({ length: WRITERS }, async (_, writer) => {
        for (let index = 0; ; index += 1) {
          const name = `token ${round} ${writer} ${index}`;
          try {
            acknowledged.set(name, (await postToken(server.url, name)).body.id);
          } catch {
            return unknown.push(name);
          }
          if (index === 5) isEnough();
        }
      });
      await enough;
      await server.kill();
      await Promise.all(writers);
      server = await KillableServer.start(dataDir);
    }

    for (const [name, id] of acknowledged) {
      const { status, body } = await postToken(server.url, name);
      expect({ status, body }).toMatchObject({ status: 201, body: { id, name, secret: null } });
    }
    const retried = new Map<string, number>();
    for (const name of unknown) retried.set(name, (await postToken(server.url, name)).status);
    const names = await tokenNames(server.url);
    for (const name of acknowledged.keys()) expect(names.filter((each) => each === name)).toHaveLength(1);
    for (const [name, status] of retried) {
      expect([201, 409]).toContain(status);
      expect(names.filter((each) => each === name)).toHaveLength(status === 201 ? 1 : 0);
    }
  });
});
