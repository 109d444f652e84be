import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readMigrationNames } from './apply-migrations.js';
import { objectionsToMigration, objectionToStore, unknownMigrations } from './migration-rules.js';

const FOLDER = join(import.meta.dirname, '../../../../prisma/migrations');
/** Made before the first version that anybody could run beside another one. */
const BEFORE_FIRST_VERSION = [
  '20261121030000_instance_service',
  '20261121040000_webhook_rotation',
  '20261121080000_first_failures',
  '20261121110000_certificates_again',
];

it('every migration takes nothing away, or says since when nobody needs it', async () => {
  for (const name of await readMigrationNames()) {
    const objections = objectionsToMigration(name, await readFile(join(FOLDER, name, 'migration.sql'), 'utf8'));
    if (BEFORE_FIRST_VERSION.includes(name)) expect(objections).not.toEqual([]);
    else expect(objections).toEqual([]);
  }
});

describe('A migration that expands', () => {
  const objections = (sql: string): readonly string[] => objectionsToMigration('20270101000000_more', sql);

  it.each([
    'ALTER TABLE "flag" ADD COLUMN "note" TEXT;',
    'ALTER TABLE "flag" ADD COLUMN "note" TEXT NOT NULL DEFAULT \'\';',
    'CREATE TABLE "note" ("id" UUID NOT NULL, "text" TEXT NOT NULL, CONSTRAINT "note_pkey" PRIMARY KEY ("id"));',
    'CREATE INDEX "flag_note_idx" ON "flag"("note"); -- DROP TABLE nothing',
    "COMMENT ON TABLE flag IS 'RENAME me';",
    'CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN DELETE FROM x; RETURN NEW; END $$ LANGUAGE plpgsql;',
    'CREATE TRIGGER "t" BEFORE UPDATE OR DELETE OR TRUNCATE ON "flag" EXECUTE FUNCTION f();',
  ])('may: %s', (sql) => expect(objections(sql)).toEqual([]));

  it.each([
    'DROP TABLE "flag";',
    'ALTER TABLE "flag" DROP COLUMN "note";',
    'ALTER TABLE "flag" ADD COLUMN "note" TEXT NOT NULL;',
    'ALTER TABLE "flag" ADD COLUMN "a" TEXT NOT NULL DEFAULT \'\',\n ADD COLUMN "b" INTEGER NOT NULL;',
    'ALTER TABLE "flag" ALTER COLUMN "note" SET NOT NULL;',
    'ALTER TABLE "flag" ALTER COLUMN "note" SET DATA TYPE INTEGER;',
    'ALTER TABLE "flag" RENAME COLUMN "note" TO "notes";',
    'alter table flag drop constraint flag_pkey;',
    'CREATE TABLE "x" ("id" INTEGER); DROP INDEX "flag_note_idx";',
    'DELETE FROM "flag";',
  ])('must not: %s', (sql) => expect(objections(sql)).toHaveLength(1));

  it('may once its name says since which version', () => {
    const sql = 'DROP TABLE "flag";';
    expect(objectionsToMigration('20270101000000_contract_since_0_2_notes', sql)).toEqual([]);
    expect(objectionsToMigration('20270101000000_contract_notes', sql)).toHaveLength(1);
  });
});

it('of a store that a later version was at, what is unknown counts', () =>
  expect(unknownMigrations(['a', 'b', 'c'], ['a', 'c', 'd'])).toEqual(['b']));

it.each<[readonly string[], string, boolean]>([
  [[], '0.1.0', true],
  [['20270101000000_more'], '0.1.0', true],
  [['20270101000000_contract_since_0_2_notes'], '0.1.0', false],
  [['20270101000000_contract_since_0_2_notes'], '0.2.0', true],
  [['20270101000000_contract_since_0_2_notes'], '1.0.3', true],
  [['20270101000000_contract_since_1_0_notes'], '0.9.9', false],
  [['20270101000000_contract_notes'], '9.0.0', false],
])('a store with %j is one for version %s: %s', (unknown, version, isGood) =>
  expect(objectionToStore(unknown, version) === undefined).toBe(isGood),
);
