import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type * as SchemaEngineModule from '@prisma/schema-engine-wasm/schema_engine_bg';

/** The part of the WebAssembly API used here; its types come only with the DOM library. */
interface WebAssemblyApi {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>;
}
// Every Node has it.
const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };

const MIGRATIONS_DIR = fileURLToPath(new URL('../../../../prisma/migrations', import.meta.url));
const NO_FILTERS = { externalTables: [], externalEnums: [] };

/** Which migrations to apply; those of this version, and all of them, where nothing is said. */
export interface MigrationsWanted {
  readonly folder?: string;
  readonly count?: number | undefined;
  /** How often one is tried that others stand in the way of. */
  readonly attempts?: number | undefined;
}

type EngineModule = typeof SchemaEngineModule & {
  // Emitted by wasm-bindgen for hosts that load the module by hand; not in the published types.
  __wbg_set_wasm(exports: object): void;
};

let loading: Promise<EngineModule> | undefined;

/** Prisma's schema engine as WebAssembly: the engine of `prisma migrate`, without its native binary. */
export async function openSchemaEngine(
  factory: SqlMigrationAwareDriverAdapterFactory,
): Promise<SchemaEngineModule.SchemaEngine> {
  loading ??= loadEngineModule();
  const { SchemaEngine } = await loading;
  return SchemaEngine.new({ datamodels: undefined }, () => undefined, bindMigrationAwareSqlAdapterFactory(factory));
}

/** Once per process: timers that a migration leaves behind call into the instance that set them. */
async function loadEngineModule(): Promise<EngineModule> {
  const engineModule = (await import('@prisma/schema-engine-wasm/schema_engine_bg')) as EngineModule;
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const { instance } = await WebAssembly.instantiate(await readFile(join(folder, 'schema_engine_bg.wasm')), {
    './schema_engine_bg.js': engineModule,
  });
  engineModule.__wbg_set_wasm(instance.exports);
  // wasm-bindgen exports its start function under this name.
  (instance.exports['__wbindgen_start'] as () => void)();
  return engineModule;
}

/** The migrations that this version of the server has, the oldest first. */
export async function readMigrationNames(folder = MIGRATIONS_DIR): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return names.sort();
}

/** Lists migrations, or the first of them, as the schema engine wants to be told of them. */
export async function readMigrations({
  folder = MIGRATIONS_DIR,
  count,
}: MigrationsWanted = {}): Promise<SchemaEngineModule.MigrationList> {
  const names = await readMigrationNames(folder);
  const directories = names.slice(0, count).map(async (path) => ({
    path,
    migrationFile: {
      path: 'migration.sql',
      content: { tag: 'ok' as const, value: await readFile(join(folder, path, 'migration.sql'), 'utf8') },
    },
  }));
  return {
    baseDir: folder,
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(join(folder, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(directories),
  };
}

/** Brings the database to the newest migration wanted and returns the names of those it applied. */
export async function applyMigrations(
  factory: SqlMigrationAwareDriverAdapterFactory,
  wanted: MigrationsWanted = {},
): Promise<readonly string[]> {
  if (wanted.count === 0) return [];
  const engine = await openSchemaEngine(factory);
  try {
    const applied = await engine.applyMigrations({ migrationsList: await readMigrations(wanted), filters: NO_FILTERS });
    return applied.appliedMigrationNames;
  } finally {
    engine.free();
  }
}
