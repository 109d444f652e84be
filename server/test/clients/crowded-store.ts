import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

/**
 * Copies the one flag that a stopped server's data folder holds until there are as many as wanted, by the keys flag-0001
 * and on: to ask a server for each of thousands would take minutes.
 */
export async function multiplyFlag(dataDir: string, count: number): Promise<void> {
  const store = await PGlite.create(join(dataDir, 'pglite'));
  await store.exec(`
    INSERT INTO flag SELECT (jsonb_populate_record(flag, jsonb_build_object(
      'id', gen_random_uuid(), 'key', 'flag-' || lpad(n::text, 4, '0'), 'name', 'Flag number ' || n))).*
    FROM flag, generate_series(2, ${count}) AS n;
    INSERT INTO flag_settings SELECT (jsonb_populate_record(one, jsonb_build_object('flag_id', flag.id))).*
    FROM flag_settings AS one CROSS JOIN flag WHERE flag.id <> one.flag_id;
  `);
  await store.close();
}
