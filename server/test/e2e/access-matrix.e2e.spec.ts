import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuthGuard } from '../../src/auth/auth.guard.js';
import { CallerWatch, RequestAdmission } from '../../src/auth/index.js';
import { ViewerService } from '../../src/auth/viewer.service.js';
import { parseConfig } from '../../src/platform/config/config.js';
import { type RunningServer, startServer } from '../../src/start-server.js';
import { type Demand, demandOf } from '../../src/transport/require-permission.decorator.js';
import { type CallerName, CALLERS, CONNECT_STREAMS, HOT, MAY, OWN, PUBLIC } from '../access/access-table.js';
import { controllersOf, type Handler, resolversOf, routesOf } from '../access/routes-of.js';
import { browserAt, told } from '../clients/browser.js';
import { IN_MEMORY } from '../contracts/in-memory.js';
import { callerOf } from './start-test-server.js';

/** A server, and five people who choose passwords, on a busy machine. */
const START_TIMEOUT_MS = 120_000;
const NOTHING = '00000000-0000-7000-8000-000000000000';
/** Whom they let in they keep: only who is refused is looked at. */
const STREAMS = ['GET /sdk/v1/stream'];

type Admitted = Parameters<RequestAdmission['admit']>[0];

let server: RunningServer;
let app: NestFastifyApplication;
const headersOf = new Map<CallerName, Record<string, string>>([['nobody', {}]]);

beforeAll(async () => {
  server = await startServer(
    parseConfig({
      SLUICE_DATA_DIR: IN_MEMORY,
      SLUICE_HTTP_PORT: '0',
      SLUICE_GRPC_PORT: '0',
      SLUICE_LOG_LEVEL: 'silent',
      SLUICE_API_REQUESTS_PER_MINUTE: '1000000',
      SLUICE_FAILED_AUTH_PER_MINUTE: '1000000',
    }),
  );
  app = server.app;
  await meetEverybody(server.adminToken ?? '');
}, START_TIMEOUT_MS);
afterAll(() => server.close(), START_TIMEOUT_MS);

async function meetEverybody(adminToken: string): Promise<void> {
  const admin = callerOf(server.url, adminToken);
  headersOf.set('admin token', { authorization: `Bearer ${adminToken}` });
  await admin('POST', '/api/v1/projects', { key: 'shop', name: 'Shop', environments: [{ key: 'live', name: 'Live' }] });
  for (const [kind, environment] of [['ci'], ['server', 'live'], ['client', 'live']] as const) {
    const made = told(await admin('POST', '/api/v1/tokens', { kind, name: kind, project: 'shop', environment }));
    headersOf.set(`${kind} token`, { authorization: `Bearer ${made.body.secret}` });
  }
  for (const name of ['person without roles', 'viewer', 'editor', 'approver', 'admin'] as const) {
    const role = name === 'person without roles' ? {} : { role: name };
    const email = `${name.replaceAll(' ', '-')}@shop.example`;
    const invited = told(await admin('POST', '/api/v1/people', { email, name, ...role }));
    const browser = browserAt(server.url);
    await browser.api('POST', '/api/v1/session/invitation', {
      secret: invited.body.secret,
      password: 'a long password',
    });
    headersOf.set(name, { cookie: browser.cookie() ?? '', origin: server.url, host: new URL(server.url).host });
  }
}

const demandOfHandler = ({ method, type }: Handler): Demand | undefined =>
  demandOf({ getHandler: () => method, getClass: <T>() => type as T as never });

type Outcome = 'let in' | 'refused' | 'unknown';

function expected(caller: CallerName, demand: Demand): Outcome {
  if (demand === 'nothing') return 'let in';
  if (caller === 'nobody') return 'unknown';
  return demand.permission === undefined || MAY[caller].includes(demand.permission) ? 'let in' : 'refused';
}

describe('every route', () => {
  const isPerson = (caller: CallerName): boolean => headersOf.get(caller)?.['cookie'] !== undefined;

  /** What each route asks for: of Nest's as they declare it, of others as the table says. */
  function demands(): ReadonlyMap<string, Demand> {
    const controllers = controllersOf(app);
    const unsaid: string[] = [];
    const all = new Map(
      routesOf(app).map((route): [string, Demand] => {
        if (PUBLIC.includes(route)) return [route, 'nothing'];
        if (OWN.includes(route)) return [route, { permission: undefined }];
        const hot = HOT[route];
        const handler = controllers.get(route);
        const demand = hot === undefined ? handler && demandOfHandler(handler) : { permission: hot };
        if (demand === undefined) unsaid.push(route);
        return [route, demand ?? 'nothing'];
      }),
    );
    expect(unsaid).toEqual([]);
    return all;
  }

  it('is in the table or declares what it needs; nothing is public but what the table says', () => {
    const declared = [...demands()];
    expect(declared.length).toBeGreaterThan(100);
    const isPublic = [...controllersOf(app)].filter(([, handler]) => demandOfHandler(handler) === 'nothing');
    expect(PUBLIC).toEqual(expect.arrayContaining(isPublic.map(([route]) => route)));
    const isOwn = [...controllersOf(app)].filter(([, handler]) => {
      const demand = demandOfHandler(handler);
      return demand !== 'nothing' && demand?.permission === undefined;
    });
    expect(OWN).toEqual(expect.arrayContaining(isOwn.map(([route]) => route)));
    expect([...controllersOf(app).keys()].filter((route) => !demands().has(route))).toEqual([]);
  });

  async function outcomeOf(caller: CallerName, route: string): Promise<Outcome> {
    const [method = '', path = ''] = route.split(' ');
    const { statusCode, body, headers } = await app.inject({
      method: method as 'GET',
      url: path.replaceAll(/:\w+/gu, NOTHING).replace('*', '/nothing'),
      headers: headersOf.get(caller) ?? {},
      ...(method === 'GET' || method === 'DELETE' ? {} : { payload: {} }),
    });
    if (statusCode === 401) return 'unknown';
    // OFREP has no codes of ours, and Connect has them in a header.
    const code = headers['sluice-code'] ?? body;
    const isRefusal = route.includes(' /ofrep/') || String(code).includes('PERMISSION_MISSING');
    return statusCode === 403 && isRefusal ? 'refused' : 'let in';
  }

  it.each(CALLERS)('lets %s do what the table says, and no more', async (caller) => {
    const wrong: string[] = [];
    for (const [route, demand] of demands()) {
      // Signing in and out is what these do: people.e2e.spec.ts looks at it.
      if (OWN.includes(route) || route.includes(' /api/v1/session') || CONNECT_STREAMS.includes(route)) continue;
      const isForServices = route in HOT || route.includes(' /sdk/');
      const should = isForServices && isPerson(caller) ? 'unknown' : expected(caller, demand);
      if (demand === 'nothing' || (should === 'let in' && STREAMS.includes(route))) continue;
      const outcome = await outcomeOf(caller, route);
      if (outcome !== should) wrong.push(`${route}: ${outcome}, not ${should}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('every field of GraphQL', () => {
  it('that is a query, a mutation or a subscription has a resolver that is looked at', () => {
    const { schema } = app.get(GraphQLSchemaHost);
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const fields = roots.flatMap((type) => Object.keys(type?.getFields() ?? {}));
    const resolved = resolversOf(app).map(({ name }) => name.split('.')[1]);
    expect(fields.length).toBeGreaterThan(50);
    expect(fields.filter((field) => !resolved.includes(field))).toEqual([]);
  });

  it.each(CALLERS)('lets %s do what the table says, and no more', async (caller) => {
    const admission = app.get(RequestAdmission);
    const request = { id: 'r', method: 'POST', url: '/graphql', headers: headersOf.get(caller) ?? {}, ip: '127.0.0.1' };
    if (caller === 'nobody') return expect(admission.admit(request)).rejects.toMatchObject({ code: 'TOKEN_MISSING' });
    await admission.admit(request);
    const guard = new AuthGuard(admission);
    const wrong: string[] = [];
    for (const resolver of resolversOf(app)) {
      const execution = new ExecutionContextHost([{}, {}, { req: request }, {}], resolver.type, resolver.method);
      execution.setType('graphql');
      const outcome = await guard.canActivate(execution).then(
        (): Outcome => 'let in',
        (error: { code?: string }): Outcome => (error.code === 'PERMISSION_MISSING' ? 'refused' : 'unknown'),
      );
      const demand = demandOfHandler(resolver);
      const should = demand === undefined ? undefined : expected(caller, demand);
      if (outcome !== should) wrong.push(`${resolver.name}: ${outcome}, not ${should}`);
    }
    expect(wrong).toEqual([]);
  });

  it('tells a caller whose token was revoked in the middle of the request to show another', async () => {
    const admin = callerOf(server.url, server.adminToken);
    const made = told(await admin('POST', '/api/v1/tokens', { kind: 'admin', name: 'short-lived' })).body;
    const headers = { authorization: `Bearer ${made.secret}` };
    const request: Admitted = { id: 'r', method: 'POST', url: '/graphql', headers, ip: '127.0.0.1' };
    await app.get(RequestAdmission).admit(request);
    const ctx = request.sluiceContext;
    if (ctx === undefined) throw new Error('What was let in carries its context.');
    const ended = new Promise<void>((resolve) => app.get(CallerWatch).watch(ctx, resolve));
    await admin('DELETE', `/api/v1/tokens/${made.id}`);
    await ended;
    const refused = { kind: 'unauthenticated', code: 'TOKEN_REFUSED' };
    await expect(app.get(ViewerService).get(ctx)).rejects.toMatchObject(refused);
    await expect(app.get(ViewerService).abilities(ctx, {})).rejects.toMatchObject(refused);
  });

  it('that asks for nothing is none', () => {
    const open = resolversOf(app).filter((resolver) => demandOfHandler(resolver) === 'nothing');
    expect(open.map(({ name }) => name)).toEqual([]);
  });
});
