import { backUpStore, type BackupSummary, restoreStore } from './backups/index.js';
import { type Config, loadConfig } from './platform/config/config.js';
import { type RunningServer, startServer } from './start-server.js';

const [command, ...operands] = process.argv.slice(2);
if (command !== undefined) await copyStore(command, operands);

const server = await start(readConfig());
console.log(`Sluice is ready at ${server.url}  (API docs: ${server.url}/api/docs; gRPC at ${server.grpcAddress})`);
// A person at a terminal does not wait; whoever replaces servers does.
process.once('SIGINT', () => void end());
process.once('SIGTERM', () => void server.drain().then(end));

async function end(): Promise<never> {
  await server.close();
  process.exit(0);
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

/** Does what was asked for instead of serving, and ends. */
async function copyStore(command: string, [path, ...more]: readonly string[]): Promise<never> {
  const copy = { backup: backUpStore, restore: restoreStore }[command];
  if (copy === undefined || path === undefined || more.length > 0) {
    return giveUp(2, new Error('Say nothing to serve, or "backup <new file>", or "restore <file>".'));
  }
  try {
    console.log(summaryWords(await copy(readConfig().database, path)));
    process.exit(0);
  } catch (error) {
    return giveUp(1, error);
  }
}

function summaryWords({ header, end }: BackupSummary): string {
  const rows = Object.values(end.rows).reduce((sum, each) => sum + each, 0);
  return `${rows} rows of the store as it was at ${header.takenAt}, with Sluice ${header.sluice}; SHA-256 of its content, unpacked and without the last line: ${end.sha256}.`;
}

/** Ends with what went wrong in words; what lies behind it in one line each. */
function giveUp(exitCode: number, error: unknown): never {
  for (let reason = error; reason instanceof Error; reason = reason.cause) {
    console.error(reason.message === '' ? String((reason as NodeJS.ErrnoException).code) : reason.message);
  }
  process.exit(exitCode);
}
