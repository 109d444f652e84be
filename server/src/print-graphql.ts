import { GraphQLSchemaHost } from '@nestjs/graphql';
import { printSchema } from 'graphql';
import { parseConfig } from './platform/config/config.js';
import { createApp } from './start-server.js';

// The contract comes from the resolvers alone: a preview is built without opening a store.
const app = await createApp(parseConfig({ SLUICE_LOG_LEVEL: 'silent' }), { preview: true });
await app.init();
// A preview is no running application to close; the process ends when all is written.
process.stdout.write(`${printSchema(app.get(GraphQLSchemaHost).schema)}\n`, () => process.exit(0));
