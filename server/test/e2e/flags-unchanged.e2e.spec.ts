import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestServer, type TestServer } from './start-test-server.js';

let server: TestServer;
const settings = '/api/v1/projects/shop/flags/cart/environments/production';
beforeAll(async () => {
  server = await startTestServer();
  await server.api('POST', '/api/v1/projects', { key: 'shop' });
  await server.api('POST', '/api/v1/projects/shop/flags', { key: 'cart', type: 'boolean' });
});
afterAll(() => server.close());

/** What a read answers, by field. */
async function read(path: string): Promise<Readonly<Record<string, unknown>>> {
  return (await server.api('GET', path)).body as Readonly<Record<string, unknown>>;
}

/** All that an edit of the settings would move. */
async function standing(): Promise<unknown> {
  const { revision } = await read('/api/v1/projects/shop/environments/production');
  const { entries } = await read('/api/v1/audit/verify');
  return { settings: await read(settings), revision, entries };
}

describe('an edit that changes nothing', () => {
  it.each<[string, object]>([
    ['switching to what it is', { on: true }],
    ['giving no field', {}],
    ['giving fields as they are', { on: true, targets: [], offVariation: 'off' }],
  ])('%s makes no version, no revision and no audit entry', async (_name, body) => {
    await server.api('PATCH', settings, { on: true });
    const before = await standing();
    expect((await server.api('PATCH', settings, body, { 'if-match': '*' })).status).toBe(200);
    expect(await standing()).toEqual(before);
  });
});

describe('a token bound to one environment', () => {
  it('does not read the audit log of the whole project', async () => {
    const scope = { kind: 'ci', name: 'ci', project: 'shop', environment: 'development' };
    const issued = (await server.api('POST', '/api/v1/tokens', scope)).body as { secret: string };
    const answer = await server.as(issued.secret)('GET', '/api/v1/audit');
    expect(answer).toMatchObject({ status: 403, body: { code: 'SCOPE_TOO_NARROW' } });
  });
});

describe('the search for patterns that back-track', () => {
  it('lets a kill switch through while it judges others', async () => {
    const costly = Array.from({ length: 20 }, (_, i) => `^(a|b|ab)*(c|d|cd)*(e|f|ef)*${i}(\\w|\\d|[a-z])*x`);
    const rules = [{ clauses: [{ attribute: 'a', operator: 'matches', values: costly }], serve: { variation: 'on' } }];
    let areJudged = false;
    const edits = Array.from({ length: 4 }, () =>
      server.api('PATCH', settings, { rules }, { 'if-match': '*' }).then(({ status }) => {
        areJudged = true;
        return status;
      }),
    );
    await server.api('PATCH', settings, { on: false });
    expect(areJudged).toBe(false);
    expect(await Promise.all(edits)).toEqual([400, 400, 400, 400]);
  });
});
