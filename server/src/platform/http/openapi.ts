import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { z } from 'zod';
import { PROBLEM_CONTENT, problemSchema } from '../../transport/problem-schema.js';
import type { HttpConfig } from '../config/http.js';
import { DOCS_STYLE, strictDocsPage } from './docs-page.js';
import { NONCE_BYTES, pageHeaders } from './web-page-headers.js';

const DOCS = 'api/docs';

const DESCRIPTION =
  'Failures are RFC 9457 problem details. Edits take If-Match with the ETag of the last read. ' +
  'POSTs honour Idempotency-Key. Lists are pages: limit, after, nextCursor.';

const FAILURE = { description: 'Anything that went wrong', content: PROBLEM_CONTENT };
const TAG = { description: 'The version of what is answered, for If-Match', schema: { type: 'string' } };

type Operations = Readonly<Record<string, Operation>>;

interface Operation {
  readonly responses: Readonly<Record<string, Answer>>;
}

/** A response as far as the version of what is answered shows in it. */
interface Answer {
  headers?: object;
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** The management API's contract, OpenAPI 3.1, made from its controllers. */
export function createOpenApi(app: NestFastifyApplication): OpenAPIObject {
  const options = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Sluice management API')
    .setVersion('1')
    .setDescription(DESCRIPTION)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'slu_<kind>_…' })
    .addGlobalResponse({ status: 'default', ...FAILURE })
    .build();
  const document = SwaggerModule.createDocument(app, options);
  const { $schema: _dialect, ...problem } = z.toJSONSchema(problemSchema);
  // zod writes JSON Schema 2020-12, which is what OpenAPI 3.1 schemas are.
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: problem as object },
  };
  declareTags(document);
  return document;
}

/** Declares the ETag of each answer that has a version, as VersionTags sends it. */
function declareTags({ paths, components }: OpenAPIObject): void {
  const schemas: Readonly<Record<string, Schema>> = { ...components?.schemas };
  // Paths made from controllers hold nothing but operations, and these no references to responses.
  const operations = Object.values(paths).flatMap((path): readonly Operation[] => Object.values(path as Operations));
  for (const { responses } of operations) {
    for (const answer of Object.values(responses)) {
      const schema = answer.content?.['application/json']?.schema;
      const { properties } = schemas[schema?.$ref?.split('/').at(-1) ?? ''] ?? schema ?? {};
      if (properties?.['version']?.type === 'integer') answer.headers = { ETag: TAG };
    }
  }
}

/** Serves the contract at /api/openapi.json and its pages, under the policy of all pages, at /api/docs. */
export function serveDocs(app: NestFastifyApplication, { publicUrl }: Pick<HttpConfig, 'publicUrl'>): void {
  const isHttps = publicUrl?.startsWith('https:') === true;
  const guard = (_request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    if (!String(reply.getHeader('content-type')).startsWith('text/html')) return Promise.resolve(payload);
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    void reply.headers(pageHeaders(nonce, isHttps));
    return Promise.resolve(typeof payload === 'string' ? strictDocsPage(payload, nonce) : payload);
  };
  // On these routes alone: an answer from memory is not to pay for it.
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', (route: RouteOptions) => {
      if (route.url.startsWith(`/${DOCS}`)) route.onSend = guard;
    });
  SwaggerModule.setup(DOCS, app, () => createOpenApi(app), {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
    customSiteTitle: 'Sluice API',
    customCss: DOCS_STYLE,
  });
}
