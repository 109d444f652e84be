import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EventSource } from 'eventsource';
import { type CloudEvent, EventSignals } from '../../src/events/index.js';
import { ControlPlane } from '../clients/control-plane.js';
import { EventReader } from '../clients/event-reader.js';
import { freePort } from '../clients/free-port.js';
import { happen } from '../clients/happenings.js';
import { makeDataDir } from '../contracts/in-folder.js';

const START_TIMEOUT_MS = 60_000;
const ADMIN = `slu_admin_${'a'.repeat(40)}`;

interface Project {
  readonly key: string;
  readonly projectId: string;
  readonly environmentId: string;
}

interface EventPage {
  readonly items: readonly CloudEvent[];
  readonly nextCursor: string | null;
}

let projects = 0;

/** A project of its own for a test, with environments "live" and "lab". */
async function createProject(plane: ControlPlane): Promise<Project> {
  const key = `events-${(projects += 1)}`;
  const body = { key, environments: [{ key: 'live' }, { key: 'lab' }] };
  const made = await plane.manage<{ id: string; environments: { id: string; key: string }[] }>(
    'POST',
    '/projects',
    body,
  );
  const live = made.environments.find((each) => each.key === 'live');
  return { key, projectId: made.id, environmentId: live?.id ?? '' };
}

function streamOf(plane: ControlPlane, path: string, headers: Record<string, string> = {}): Promise<EventReader> {
  return EventReader.open(`${plane.url}/api/v1/projects/${path}`, {
    authorization: `Bearer ${ADMIN}`,
    accept: 'text/event-stream',
    ...headers,
  });
}

const subjectOf = ({ data }: { readonly data: string }) => (JSON.parse(data) as CloudEvent).subject;

describe('events', () => {
  let plane: ControlPlane;
  let project: Project;
  let path: string;
  const readers: EventReader[] = [];
  beforeAll(async () => {
    plane = await ControlPlane.start();
  }, START_TIMEOUT_MS);
  afterAll(() => plane.close(), START_TIMEOUT_MS);
  beforeEach(async () => {
    project = await createProject(plane);
    path = `${project.key}/events`;
  });
  afterEach(async () => {
    await Promise.all(readers.splice(0).map((reader) => reader.close()));
  });

  const happens = (subject: string, more: Partial<Parameters<typeof happen>[1]> = {}) => {
    const { projectId, environmentId } = project;
    return happen(plane.server, { projectId, environmentId, subject, ...more });
  };
  const list = (query = '') => plane.manage<EventPage>('GET', `/projects/${path}${query}`);
  const open = async (query = '', headers = {}) => {
    const reader = await streamOf(plane, path + query, headers);
    readers.push(reader);
    return reader;
  };
  const get = (query: string, headers: Record<string, string> = {}) =>
    fetch(`${plane.url}/api/v1/projects/${path}${query}`, {
      headers: { authorization: `Bearer ${ADMIN}`, ...headers },
    });

  it('are listed as CloudEvents, oldest first, page by page', async () => {
    const stored = [await happens('release/1'), await happens('release/2'), await happens('release/3')];
    const first = await list('?limit=2');
    expect(first.items.map(({ subject }) => subject)).toEqual(['release/1', 'release/2']);
    expect(first.items[0]).toEqual({
      specversion: '1.0',
      id: stored[0]?.id,
      source: `/projects/${project.key}`,
      type: 'dev.sluice.release.started',
      subject: 'release/1',
      time: '2026-01-01T00:00:00.000Z',
      datacontenttype: 'application/json',
      data: { attempt: 1 },
      sluiceproject: project.key,
      sluiceenvironment: 'live',
      sluicesequence: String(stored[0]?.sequence),
    });
    const second = await list(`?limit=2&after=${first.nextCursor ?? ''}`);
    expect([second.items.map(({ subject }) => subject), second.nextCursor]).toEqual([['release/3'], null]);
    const later = await list(`?after=${second.items[0]?.sluicesequence ?? ''}`);
    expect(later).toEqual({ items: [], nextCursor: null });
  });

  it('that come behind a restored backup reach who had seen later ones: they go on from its end', async () => {
    await happens('release/1');
    const [last] = (await list('?limit=200')).items.slice(-1);
    const seen = String(Number(last?.sluicesequence) + 1_000);
    const stream = await open('', { 'last-event-id': seen });
    const page = await list(`?after=${seen}`);
    expect(page).toEqual({ items: [], nextCursor: last?.sluicesequence });
    await happens('release/2');
    expect(subjectOf(await stream.next())).toBe('release/2');
    expect((await list(`?after=${page.nextCursor}`)).items).toMatchObject([{ subject: 'release/2' }]);
  });

  it('are found by subject, and by type or its beginning', async () => {
    await happens('release/1');
    await happens('service/checkout', { type: 'dev.cdevents.service.deployed.0.2.0' });
    const subjects = async (query: string) => (await list(query)).items.map(({ subject }) => subject);
    expect(await subjects('?subject=release/1')).toEqual(['release/1']);
    expect(await subjects('?type=dev.cdevents.*')).toEqual(['service/checkout']);
    expect(await subjects('?type=dev.sluice.release.started')).toEqual(['release/1']);
  });

  it.each([
    ['?after=MTI', 'CURSOR_UNKNOWN'],
    ['?type=dev.sluice.release.exploded', 'VALIDATION_FAILED'],
    ['?limit=201', 'LIMIT_OUT_OF_RANGE'],
    ['?since=1', 'VALIDATION_FAILED'],
  ])('are not looked for with %s', async (query, code) => {
    for (const accept of ['application/json', 'text/event-stream']) {
      if (query.startsWith('?limit') && accept !== 'application/json') continue;
      const response = await get(query, { accept });
      expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ code })]);
    }
  });

  it('are shown to those bound to an environment as far as they are of it', async () => {
    await happens('release/elsewhere', { environmentId: undefined });
    await happens('release/here');
    const draft = { kind: 'ci', name: 'ci', project: project.key, environment: 'live' };
    const { secret } = await plane.manage<{ secret: string }>('POST', '/tokens', draft);
    const authorization = `Bearer ${secret}`;
    const page = (await (await get('', { authorization })).json()) as EventPage;
    expect(page.items.map(({ subject }) => subject)).toEqual(['release/here']);
    const stream = await open('?after=0', { authorization });
    expect(subjectOf(await stream.next())).toBe('release/here');
    await happens('release/elsewhere-again', { environmentId: undefined });
    await happens('release/here-again');
    expect(subjectOf(await stream.next())).toBe('release/here-again');
  });

  it('are refused to services, and to tokens of other projects', async () => {
    const other = await createProject(plane);
    const server = { kind: 'server', name: 'sdk', project: project.key, environment: 'live' };
    const ci = { kind: 'ci', name: 'ci', project: other.key };
    for (const [draft, status] of [
      [server, 403],
      [ci, 404],
    ] as const) {
      const { secret } = await plane.manage<{ secret: string }>('POST', '/tokens', draft);
      expect((await get('', { authorization: `Bearer ${secret}`, accept: 'text/event-stream' })).status).toBe(status);
    }
  });

  describe('as a stream', () => {
    it('begin with what happens from now on, and come as it happens', async () => {
      await happens('release/before');
      const stream = await open();
      expect(Object.fromEntries(stream.response.headers)).toMatchObject({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache, no-transform',
        'x-accel-buffering': 'no',
      });
      await stream.arrived(': sluice\n'.length);
      const stored = await happens('release/now', { data: { text: 'two\nlines\r\u2028' } });
      const event = await stream.next();
      expect(event.id).toBe(String(stored.sequence));
      expect(JSON.parse(event.data)).toEqual((await list('?subject=release/now')).items[0]);
      expect(stream.text).not.toContain('\r');
    });

    it('go on behind Last-Event-ID, more of them than one batch, and each once', async () => {
      const first = await happens('release/0');
      for (let n = 1; n <= 250; n++) await happens(`release/${n}`);
      const stream = await open('?after=0', { 'last-event-id': String(first.sequence) });
      const seen: string[] = [];
      for (let n = 1; n <= 250; n++) seen.push(subjectOf(await stream.next()));
      expect(seen).toEqual(Array.from({ length: 250 }, (_, n) => `release/${n + 1}`));
      await happens('release/last');
      expect(subjectOf(await stream.next())).toBe('release/last');
    });

    it('are those asked for', async () => {
      const stream = await open('?type=dev.sluice.guardrail.*&subject=guardrail/orders');
      await happens('guardrail/orders');
      await happens('guardrail/logins', { type: 'dev.sluice.guardrail.broken' });
      await happens('guardrail/orders', { type: 'dev.sluice.guardrail.broken' });
      expect(JSON.parse((await stream.next()).data)).toMatchObject({
        type: 'dev.sluice.guardrail.broken',
        subject: 'guardrail/orders',
      });
      expect(stream.unread).toBe(0);
    });

    it('end with the token', async () => {
      const draft = { kind: 'ci', name: 'ci', project: project.key };
      const { id, secret } = await plane.manage<{ id: string; secret: string }>('POST', '/tokens', draft);
      const stream = await open('', { authorization: `Bearer ${secret}` });
      await plane.manage('DELETE', `/tokens/${id}`);
      await stream.ended();
      expect(stream.wasCut).toBe(false);
    });
  });

  it('wake who waits for them', async () => {
    const signals = plane.server.app.get(EventSignals, { strict: false });
    const { projectId } = project;
    const wait = signals.next({ projectId, subjectPrefix: 'release/1' }, { timeoutMs: START_TIMEOUT_MS });
    await happens('release/1');
    expect(await wait).toBe('appended');
  });
});

describe('a stream of events across a restart of the server', () => {
  it(
    'goes on where it was: nothing twice, nothing missing',
    async () => {
      const dataDir = await makeDataDir();
      const settings = { SLUICE_DATA_DIR: dataDir, SLUICE_HTTP_PORT: String(await freePort()) };
      let plane = await ControlPlane.start(settings);
      const project = await createProject(plane);
      const { projectId, environmentId } = project;
      const received: string[] = [];
      let isEnough: () => void = () => undefined;
      const enough = new Promise<void>((resolve) => (isEnough = resolve));
      const source = new EventSource(`${plane.url}/api/v1/projects/${project.key}/events?after=0`, {
        fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${ADMIN}` } }),
      });
      source.addEventListener(
        'message',
        ({ data, lastEventId }: { readonly data: unknown; readonly lastEventId: string }) => {
          const event = JSON.parse(String(data)) as CloudEvent;
          if (event.sluicesequence === lastEventId) received.push(event.subject);
          if (event.subject === 'release/9') isEnough();
        },
      );
      const connected = (): Promise<unknown> => new Promise((resolve) => (source.onopen = resolve));
      const happens = (n: number) => happen(plane.server, { projectId, environmentId, subject: `release/${n}` });

      await connected();
      for (let n = 0; n < 5; n++) await happens(n);
      await plane.close();
      plane = await ControlPlane.start(settings);
      const reconnected = connected();
      for (let n = 5; n < 8; n++) await happens(n);
      await reconnected;
      for (let n = 8; n < 10; n++) await happens(n);
      await enough;
      source.close();
      expect(received).toEqual(Array.from({ length: 10 }, (_, n) => `release/${n}`));
      await plane.close();
      await rm(dataDir, { recursive: true, force: true });
    },
    START_TIMEOUT_MS,
  );
});
