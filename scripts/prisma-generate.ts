/**
 * Generates the Prisma client. Generating needs no engine, but Prisma's command looks for one and would download it:
 * it is pointed at a file that exists instead. Nothing happens when neither the schema nor Prisma changed.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repository, run } from './run-command.ts';

const client = join(repository, 'server/src/platform/prisma/generated/client.ts');
const stamp = join(repository, 'node_modules/.cache/sluice/prisma-client.sha256');
const prisma = join(repository, 'node_modules/prisma');

const inputs = ['prisma/schema.prisma', 'prisma.config.ts', 'node_modules/prisma/package.json'];
const digest = createHash('sha256');
for (const input of inputs) digest.update(readFileSync(join(repository, input)));
const wanted = digest.digest('hex');

if (!existsSync(client) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  const { exitCode, output } = await run(process.execPath, [join(prisma, 'build/index.js'), 'generate'], {
    env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
    isQuiet: true,
  });
  if (exitCode === 0) {
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, wanted);
  } else {
    process.stderr.write(output);
    process.exitCode = exitCode;
  }
}
