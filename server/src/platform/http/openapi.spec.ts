import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Patch, Put } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiOkResponse, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import type { ExpectedVersion } from '../../kernel/expected-version.js';
import { IfMatch } from '../../transport/if-match.decorator.js';
import { Public } from '../../transport/require-permission.decorator.js';
import { createOpenApi, serveDocs } from './openapi.js';

const thing = z.object({ version: z.int() }).meta({ id: 'Thing' });

@Controller('things')
@Public()
class ThingsController {
  @Get()
  @ApiOkResponse({ standardSchema: z.object({ items: z.array(thing) }) })
  list(): void {}

  @Get('one')
  @ApiOkResponse({ standardSchema: thing })
  get(): void {}

  @Patch('one')
  @ApiOkResponse({ standardSchema: thing })
  edit(@IfMatch() _expected: ExpectedVersion): void {}

  @Put('one')
  @ApiOkResponse({ standardSchema: z.object({ version: z.string() }) })
  replace(@IfMatch({ required: 'mostly' }) _expected: ExpectedVersion): void {}

  @Put('two')
  @ApiOkResponse()
  share(@IfMatch({ required: false }) _expected: ExpectedVersion): void {}
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

let app: NestFastifyApplication;
let document: OpenAPIObject;
beforeAll(async () => {
  app = await NestFactory.create<NestFastifyApplication>(ThingsModule, new FastifyAdapter(), { logger: false });
  document = createOpenApi(app);
});
afterAll(() => app.close());

it('declares the ETag of answers that have a version, and of no others', () => {
  const { get: list } = document.paths['/things'] ?? {};
  const { get, patch, put } = document.paths['/things/one'] ?? {};
  const tags = [list, get, patch, put].map((operation) => {
    const answer = operation?.responses['200'];
    return answer !== undefined && 'headers' in answer && answer.headers !== undefined && 'ETag' in answer.headers;
  });
  expect(tags).toEqual([false, true, true, false]);
});

it.each<[string, 'get' | 'patch' | 'put', readonly unknown[], readonly string[]]>([
  ['/things/one', 'get', [], ['200', 'default']],
  ['/things/one', 'patch', [{ required: true }], ['200', '412', '428', 'default']],
  ['/things/one', 'put', [{ required: false }], ['200', '412', '428', 'default']],
  ['/things/two', 'put', [{ required: false }], ['200', '412', 'default']],
])('declares the If-Match that %s takes of %s, and what is answered without', (path, method, headers, statuses) => {
  const operation = document.paths[path]?.[method];
  const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  expect(operation?.parameters).toMatchObject(
    headers.map((header) => ({ name: 'If-Match', in: 'header', schema: { type: 'string' }, ...(header as object) })),
  );
  expect(Object.keys(operation?.responses ?? {}).sort()).toEqual(statuses);
  for (const status of statuses.filter((each) => each !== '200')) {
    expect(operation?.responses[status]).toMatchObject({ content: problem });
  }
});

describe('the page of the contract', () => {
  let served: NestFastifyApplication;
  beforeAll(async () => {
    served = await NestFactory.create<NestFastifyApplication>(ThingsModule, new FastifyAdapter(), { logger: false });
    serveDocs(served, { publicUrl: 'https://sluice.example' });
    await served.init();
  });
  afterAll(() => served.close());

  const get = (url: string) => served.getHttpAdapter().getInstance().inject({ url });

  it.each(['/api/docs', '/api/docs/', '/api/docs/index.html', '/api/docs/oauth2-redirect.html'])(
    'runs the scripts of this server alone, and in nobody’s frame: %s',
    async (url) => {
      const { statusCode, headers } = await get(url);
      expect(statusCode).toBe(200);
      const policy = String(headers['content-security-policy']).split('; ');
      expect(policy).toEqual(
        expect.arrayContaining([`default-src 'none'`, `script-src 'self'`, `connect-src 'self'`, `base-uri 'none'`]),
      );
      expect(policy).toContain(`frame-ancestors 'none'`);
      expect(policy.join()).not.toContain('unsafe');
      expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'strict-transport-security': expect.anything() });
    },
  );

  it('has nothing in it that its policy forbids', async () => {
    const { body, headers } = await get('/api/docs');
    const [, nonce = 'none'] = /'nonce-([^']+)'/u.exec(String(headers['content-security-policy'])) ?? [];
    const sheets = body.match(/<style[^>]*>/gu) ?? [];
    expect(sheets.length).toBeGreaterThan(0);
    expect(new Set(sheets)).toEqual(new Set([`<style nonce="${nonce}">`]));
    expect(body).not.toMatch(/\s(?:style|on\w+)=/iu);
    const scripts = [...body.matchAll(/<script([^>]*)>([^<]*)/gu)];
    expect(scripts.length).toBeGreaterThan(0);
    for (const [, attributes = '', code = ''] of scripts) {
      expect([attributes, code.trim()]).toEqual([expect.stringMatching(/^ src=["']\.\/docs\//u), '']);
    }
    expect((await get('/api/docs')).headers['content-security-policy']).not.toContain(nonce);
  });
});
