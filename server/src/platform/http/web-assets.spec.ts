import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { expect, it } from '@jest/globals';
import { serveWeb } from './web-assets.js';

it('says how to build the pages where they are not built', async () => {
  const adapter = new FastifyAdapter();
  // All that it asks of an application.
  serveWeb(
    { getHttpAdapter: () => adapter } as unknown as NestFastifyApplication,
    { publicUrl: undefined },
    '/nowhere',
  );
  const answer = await adapter.getInstance().inject({ url: '/', headers: { accept: 'text/html' } });
  expect([answer.statusCode, answer.body]).toEqual([200, expect.stringContaining('npm run build')]);
});
