import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpConfig } from '../config/http.js';
import { asksForPage, withNonce } from './web-page.js';
import { NONCE_BYTES, pageHeaders } from './web-page-headers.js';

/** Where the build of the workspace `web` lies, seen from the sources and from the build of this file alike. */
const BUILT_WEB = join(import.meta.dirname, '../../../../web/dist');

const NOT_BUILT = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Sluice</title>
<p>The server runs, but its pages are not built. Build them with <code>npm run build</code> and start it again.</p>
</html>
`;

/**
 * Serves the web application: /assets/… for ever, for their names have their hashes; the page itself for whatever else a
 * browser asks to show, so that its links work from anywhere. What asks for anything but a page gets the API's answers.
 */
export function serveWeb(
  app: NestFastifyApplication,
  { publicUrl }: Pick<HttpConfig, 'publicUrl'>,
  built = BUILT_WEB,
): void {
  const fastify = app.getHttpAdapter().getInstance();
  const index = join(built, 'index.html');
  const page = existsSync(index) ? readFileSync(index, 'utf8') : NOT_BUILT;
  if (page !== NOT_BUILT) {
    void fastify.register(fastifyStatic, {
      root: join(built, 'assets'),
      prefix: '/assets/',
      decorateReply: false,
      preCompressed: true,
      immutable: true,
      maxAge: '365d',
      index: false,
    });
  }
  const isHttps = publicUrl?.startsWith('https:') === true;
  fastify.get('/*', (request: FastifyRequest, reply: FastifyReply) => {
    if (!asksForPage(request.url, request.headers.accept)) return reply.callNotFound();
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    return reply.headers(pageHeaders(nonce, isHttps)).type('text/html; charset=utf-8').send(withNonce(page, nonce));
  });
}
