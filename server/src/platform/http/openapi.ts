import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { problemSchema } from '../../transport/problem-schema.js';

const DESCRIPTION =
  'Failures are RFC 9457 problem details. Edits take If-Match with the ETag of the last read. ' +
  'POSTs honour Idempotency-Key. Lists are pages: limit, after, nextCursor.';

const FAILURE = {
  description: 'Anything that went wrong',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

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
  return document;
}

/** Serves the contract at /api/openapi.json and its pages at /api/docs. */
export function serveDocs(app: NestFastifyApplication): void {
  SwaggerModule.setup('api/docs', app, () => createOpenApi(app), {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
    customSiteTitle: 'Sluice API',
  });
}
