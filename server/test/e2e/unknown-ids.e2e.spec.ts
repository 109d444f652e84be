import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestServer, type TestServer } from './start-test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.api('POST', '/api/v1/projects', { key: 'shop', name: 'Shop' });
});
afterAll(() => server.close());

it.each<[string, string, string]>([
  ['GET', '/people/:id', 'PERSON_NOT_FOUND'],
  ['POST', '/people/:id/invitation', 'PERSON_NOT_FOUND'],
  ['POST', '/people/:id/disable', 'PERSON_NOT_FOUND'],
  ['POST', '/people/:id/enable', 'PERSON_NOT_FOUND'],
  ['DELETE', '/people/:id/roles/:id', 'PERSON_NOT_FOUND'],
  ['GET', '/tokens/:id', 'TOKEN_NOT_FOUND'],
  ['POST', '/tokens/:id/rotate', 'TOKEN_NOT_FOUND'],
  ['DELETE', '/tokens/:id', 'TOKEN_NOT_FOUND'],
  ['GET', '/projects/shop/webhooks/:id', 'WEBHOOK_NOT_FOUND'],
  ['PATCH', '/projects/shop/webhooks/:id', 'WEBHOOK_NOT_FOUND'],
  ['DELETE', '/projects/shop/webhooks/:id', 'WEBHOOK_NOT_FOUND'],
  ['POST', '/projects/shop/webhooks/:id/rotate', 'WEBHOOK_NOT_FOUND'],
  ['POST', '/projects/shop/webhooks/:id/test', 'WEBHOOK_NOT_FOUND'],
  ['GET', '/projects/shop/webhooks/:id/deliveries', 'WEBHOOK_NOT_FOUND'],
  ['POST', '/projects/shop/webhooks/:id/deliveries/1/retry', 'WEBHOOK_NOT_FOUND'],
])('%s %s answers of what is no id what it answers of an id that nothing has', async (method, path, code) => {
  for (const id of ['abc', '%25', '01234567-89ab-cdef-0123-456789abcdeg', '01890000-0000-7000-8000-000000000000']) {
    const body = method === 'GET' || method === 'DELETE' ? undefined : {};
    const answer = await server.api(method, `/api/v1${path.replaceAll(':id', id)}`, body, { 'if-match': '"1"' });
    expect(answer).toMatchObject({ status: 404, body: { code, detail: expect.stringContaining('no ') } });
  }
});
