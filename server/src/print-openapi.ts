import { parseConfig } from './platform/config/config.js';
import { createOpenApi } from './platform/http/openapi.js';
import { createApp } from './start-server.js';

// The contract comes from the controllers alone: a preview is built without opening a store.
const app = await createApp(parseConfig({ SLUICE_LOG_LEVEL: 'silent' }), { preview: true });
// A preview is no running application to close; the process ends when all is written.
process.stdout.write(`${JSON.stringify(createOpenApi(app), null, 2)}\n`, () => process.exit(0));
