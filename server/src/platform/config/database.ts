import { z } from 'zod';

/** Where state lives: PostgreSQL at `url`, or PGlite in `dataDir` when there is none. */
export abstract class DatabaseConfig {
  abstract readonly url: string | undefined;
  /**
   * Folder of the embedded database. `memory://` keeps nothing; `memory://store.tar` begins with what that archive holds
   * (PGlite's `dumpDataDir`) and keeps nothing either.
   */
  abstract readonly dataDir: string;
}

export const databaseSection = z
  .object({
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/u, error: 'must be a postgresql:// URL' }).optional(),
    SLUICE_DATA_DIR: z.string().min(1).default('.sluice'),
  })
  .transform((env): DatabaseConfig => ({ url: env.DATABASE_URL, dataDir: env.SLUICE_DATA_DIR }));
