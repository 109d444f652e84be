import { readFileSync } from 'node:fs';
import type { Logger } from '@sluice/sdk';
import { helpText, parseCommandLine } from './command-line.js';
import { startShadow } from './start-shadow.js';

const USAGE = 2;

function line(level: string): (message: string) => void {
  return (message) =>
    void process.stderr.write(`${JSON.stringify({ level, time: new Date().toISOString(), message })}\n`);
}

const logger: Logger = { debug: () => undefined, info: line('info'), warn: line('warn'), error: line('error') };
const report = (reports: readonly object[]): void => {
  for (const each of reports) process.stdout.write(`${JSON.stringify(each)}\n`);
};

process.exitCode = await main();

async function main(): Promise<number> {
  const command = parseCommandLine(process.argv.slice(2), process.env);
  switch (command.kind) {
    case 'help':
      process.stdout.write(`${helpText()}\n`);
      return 0;
    case 'version':
      process.stdout.write(`${version()}\n`);
      return 0;
    case 'problems':
      process.stderr.write(`${command.problems.join('\n')}\n`);
      return USAGE;
    case 'settings':
      break;
  }
  const { settings } = command;
  try {
    const shadow = await startShadow(settings, { logger, report });
    logger.info(`Listening at ${shadow.url} for ${settings.primary.origin}; run '${settings.run}'.`);
    if (shadow.adminUrl !== undefined) logger.info(`Tells its health at ${shadow.adminUrl}/__sluice/health.`);
    await untilStopped();
    logger.info('Draining: requests under way are finished. Whoever asks twice ends it at once.');
    await shadow.close();
    return 0;
  } catch (thrown) {
    logger.error(`The proxy cannot start: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return 1;
  }
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (isStopping) process.exit(130);
        isStopping = true;
        resolve();
      });
    }
  });
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version; // npm's contract
}
