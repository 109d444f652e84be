/**
 * Writes the SQL that leads from prisma/migrations to prisma/schema.prisma as a new migration:
 *   npm run migration -- add-something
 * It asks Prisma's own schema engine, on an in-process database. Read the SQL before you commit it.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { openSchemaEngine, readMigrations } from '../server/dist/platform/prisma/apply-migrations.js';

const name = process.argv[2];
if (name === undefined || !/^[a-z0-9-]+$/u.test(name)) {
  console.error('Say what the migration does: npm run migration -- add-something');
  process.exit(2);
}
const root = new URL('../', import.meta.url);
const engine = await openSchemaEngine(new PrismaPGlite(new PGlite()));
const schema = { path: 'schema.prisma', content: await readFile(new URL('prisma/schema.prisma', root), 'utf8') };
const { stdout } = await engine.diff({
  from: { tag: 'migrations', ...(await readMigrations()) },
  to: { tag: 'schemaDatamodel', files: [schema] },
  script: true,
  exitCode: null,
  filters: { externalTables: [], externalEnums: [] },
});
const stamp = new Date().toISOString().replaceAll(/\D/gu, '').slice(0, 14);
const folder = new URL(`prisma/migrations/${stamp}_${name.replaceAll('-', '_')}/`, root);
await mkdir(folder, { recursive: true });
await writeFile(new URL('migration.sql', folder), stdout ?? '');
console.log(`Wrote ${folder.pathname.slice(root.pathname.length)}migration.sql`);
process.exit(0);
