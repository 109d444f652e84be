import { parseConfig } from './platform/config/config.js';
import { createOpenApi } from './platform/http/openapi.js';
import { createApp } from './start-server.js';

// The contract comes from the controllers alone; an in-memory store is enough to build them.
const app = await createApp(parseConfig({ SLUICE_DATA_DIR: 'memory://', SLUICE_LOG_LEVEL: 'silent' }));
await app.init();
process.stdout.write(`${JSON.stringify(createOpenApi(app), null, 2)}\n`);
await app.close();
