import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of a data folder, the store's own: beside it is a lock of whoever has it open. */
const STORE = 'pglite';

/**
 * Makes a data folder whose store is empty and migrated, for servers that a test ends and starts again: a copy of the one
 * that `npm test` made for this run, else one that the first server migrates. Whoever asked removes it.
 */
export async function makeDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-store-'));
  const migrated = process.env['TEST_STORE_FOLDER'] ?? '';
  if (migrated !== '') await cp(join(migrated, STORE), join(dataDir, STORE), { recursive: true });
  return dataDir;
}
