import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { openDatabase } from '../../server/dist/platform/prisma/open-database.js';

/**
 * Migrates an embedded store in the folder and packs it. Suites begin with a copy of it, of the archive in memory or of
 * the data folder on disk, for to make a PostgreSQL of nothing costs more processor time than most of what they do with
 * it.
 */
export async function packMigratedStore(
  folder: string,
): Promise<{ readonly archive: string; readonly dataDir: string }> {
  const dataDir = join(folder, 'store');
  await (await openDatabase({ url: undefined, dataDir })).close();
  const pglite = await PGlite.create(join(dataDir, 'pglite'));
  try {
    const archive = join(folder, 'store.tar');
    await writeFile(archive, (await pglite.dumpDataDir('none')).stream());
    return { archive, dataDir };
  } finally {
    await pglite.close();
  }
}
