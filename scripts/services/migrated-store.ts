import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { openDatabase } from '../../server/dist/platform/prisma/open-database.js';

/** The first file of the log is written whole, and a copy of the store copies it. */
const SHORT_LOG = '--wal-segsize=1';
/** Databases to make others from, which a store does not do; each is as large as the store's own. */
const TEMPLATES = ['template0', 'template1'];

/**
 * Migrates an embedded store in the folder and packs it. Suites begin with a copy of it, of the archive in memory or of
 * the data folder on disk, for to make a PostgreSQL of nothing costs more processor time than most of what they do with
 * it.
 */
export async function packMigratedStore(
  folder: string,
): Promise<{ readonly archive: string; readonly dataDir: string }> {
  const dataDir = join(folder, 'store');
  const pgliteDir = join(dataDir, 'pglite');
  await mkdir(dataDir);
  await (await PGlite.create(pgliteDir, { initDbStartParams: [SHORT_LOG] })).close();
  await (await openDatabase({ url: undefined, dataDir })).close();
  const pglite = await PGlite.create(pgliteDir);
  try {
    await pglite.exec(`UPDATE pg_database SET datistemplate = false`);
    for (const template of TEMPLATES) await pglite.exec(`DROP DATABASE ${template}`);
    const archive = join(folder, 'store.tar');
    await writeFile(archive, (await pglite.dumpDataDir('none')).stream());
    return { archive, dataDir };
  } finally {
    await pglite.close();
  }
}
