import { type Config, loadConfig } from './platform/config/config.js';
import { type RunningServer, startServer } from './start-server.js';

const server = await start(readConfig());
console.log(`Sluice is ready at ${server.url}  (API docs: ${server.url}/api/docs; gRPC at ${server.grpcAddress})`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void server.close().then(() => process.exit(0)));
}

function readConfig(): Config {
  try {
    return loadConfig();
  } catch (error) {
    return giveUp(2, error);
  }
}

async function start(config: Config): Promise<RunningServer> {
  try {
    return await startServer(config, (token) => {
      console.log(`Your admin token, shown this once:\n\n  ${token}\n`);
    });
  } catch (error) {
    return giveUp(1, error);
  }
}

/** Ends with what went wrong in words; what lies behind it in one line each. */
function giveUp(exitCode: number, error: unknown): never {
  for (let reason = error; reason instanceof Error; reason = reason.cause) {
    console.error(reason.message === '' ? String((reason as NodeJS.ErrnoException).code) : reason.message);
  }
  process.exit(exitCode);
}
