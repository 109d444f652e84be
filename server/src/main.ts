import { loadConfig, type Config } from './platform/config/config.js';
import { startServer } from './start-server.js';

const config = readConfig();
const server = await startServer(config);
console.log(`Sluice is ready at ${server.url}  (API docs: ${server.url}/api/docs)`);
if (server.adminToken !== undefined) {
  console.log(`\nYour admin token, shown this once:\n\n  ${server.adminToken}\n`);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void server.close().then(() => process.exit(0)));
}

function readConfig(): Config {
  try {
    return loadConfig();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}
