import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DatabaseConfig } from '../../src/platform/config/database.js';
import { openDatabase } from '../../src/platform/prisma/open-database.js';
import { aProject } from '../builders/a-project.js';
import { createDatabase, onPostgres } from './databases.js';

const TIMEOUT_MS = 60_000;

/** A place where a store can be opened again and again. */
interface Place {
  readonly config: DatabaseConfig;
  readonly remove: () => Promise<void>;
}

/** What opening a store promises on every database. */
export function describeStore(): void {
  describe('on PGlite', () => {
    describeReopening(inFolder);
    describeArchives();
  });
  onPostgres((serverUrl) => {
    describeReopening(() => inDatabase(serverUrl));
    describeReplicas(() => inDatabase(serverUrl));
  });
}

function usePlace(make: () => Promise<Place>): { config: () => DatabaseConfig } {
  let place: Place;
  beforeEach(async () => {
    place = await make();
  });
  afterEach(() => place.remove());
  return { config: () => place.config };
}

function describeReopening(make: () => Promise<Place>): void {
  const place = usePlace(make);

  it(
    'migrates an empty store, and does nothing to one that is up to date but open it',
    async () => {
      const first = await openDatabase(place.config());
      expect(first.appliedMigrations).toContain('20261121000000_initial');
      await first.client.project.create({ data: aProject() });
      await first.close();

      const second = await openDatabase(place.config());
      expect(second.appliedMigrations).toEqual([]);
      expect(await second.client.project.findMany()).toEqual([aProject()]);
      await second.close();
    },
    TIMEOUT_MS,
  );
}

function describeArchives(): void {
  const place = usePlace(inFolder);

  it(
    'begins in memory with what an archive holds, as often as wanted, and leaves the archive as it was',
    async () => {
      const { dataDir } = place.config();
      const first = await openDatabase(place.config());
      await first.client.project.create({ data: aProject() });
      await first.close();
      const folder = await PGlite.create(join(dataDir, 'pglite'));
      const archive = join(dataDir, 'store.tar');
      await writeFile(archive, (await folder.dumpDataDir('none')).stream());
      await folder.close();

      for (const _ of ['once', 'again']) {
        const copy = await openDatabase({ url: undefined, dataDir: `memory://${archive}` });
        expect(copy.appliedMigrations).toEqual([]);
        expect(await copy.client.project.findMany()).toEqual([aProject()]);
        await copy.client.project.deleteMany();
        await copy.close();
      }
    },
    TIMEOUT_MS,
  );

  it(
    'keeps its folder to the owner, also one that was open to others before',
    async () => {
      const store = join(place.config().dataDir, 'pglite');
      for (const _ of ['new', 'opened to all']) {
        await (await openDatabase(place.config())).close();
        expect((await stat(store)).mode & 0o777).toBe(0o700);
        await chmod(store, 0o755);
      }
    },
    TIMEOUT_MS,
  );

  it('says which archive it cannot read', async () => {
    const opening = openDatabase({ url: undefined, dataDir: 'memory://not-there.tar' });
    await expect(opening).rejects.toThrow('SLUICE_DATA_DIR names the archive not-there.tar, which cannot be read.');
  });
}

function describeReplicas(make: () => Promise<Place>): void {
  const place = usePlace(make);

  it(
    'lets one of several replicas that start at once migrate',
    async () => {
      const databases = await Promise.all([1, 2, 3].map(() => openDatabase(place.config())));
      const applied = databases.map(({ appliedMigrations }) => appliedMigrations.length);
      expect(applied.filter((count) => count > 0)).toHaveLength(1);
      await Promise.all(databases.map((database) => database.close()));
    },
    TIMEOUT_MS,
  );
}

async function inFolder(): Promise<Place> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-store-'));
  return { config: { url: undefined, dataDir }, remove: () => rm(dataDir, { recursive: true }) };
}

async function inDatabase(serverUrl: string): Promise<Place> {
  const { url, drop } = await createDatabase(serverUrl);
  return { config: { url, dataDir: '' }, remove: drop };
}
