import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** The management API's contract, OpenAPI 3.1, made from its controllers. */
export function createOpenApi(app: NestFastifyApplication): OpenAPIObject {
  const options = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Sluice management API')
    .setVersion('1')
    .setDescription(
      'Failures are RFC 9457 problem details. Edits take If-Match with the ETag of the last read. ' +
        'POSTs honour Idempotency-Key. Lists are pages: limit, after, nextCursor.',
    )
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'slu_<kind>_…' })
    .build();
  return SwaggerModule.createDocument(app, options);
}

/** Serves the contract at /api/openapi.json and its pages at /api/docs. */
export function serveDocs(app: NestFastifyApplication): void {
  SwaggerModule.setup('api/docs', app, () => createOpenApi(app), {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
    customSiteTitle: 'Sluice API',
  });
}
