import { setTimeout as later } from 'node:timers/promises';

/** SQLSTATE of what others stood in the way of: a deadlock, or a lock that was not to be had in time. */
const IN_THE_WAY: readonly string[] = ['40P01', '55P03'];
/** With two seconds for each, they have a minute to be done. */
const MAX_ATTEMPTS = 30;
const PAUSE_MS = 200;

/** Asks the database in the session that runs the scripts. */
export type AskStore = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/**
 * Runs a script that PostgreSQL undoes whole when it fails, once more when servers that run meanwhile stood in its way: a
 * migration that changes several tables meets those who use them in another order. Rejects as the last attempt does, or
 * with what `giveUp` makes of that when nobody gave way.
 */
export async function runBesideOthers<T>(
  run: () => Promise<T>,
  giveUp: (cause: unknown) => Promise<Error>,
  maxAttempts = MAX_ATTEMPTS,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException; // pg's errors have PostgreSQL's codes
      if (code === undefined || !IN_THE_WAY.includes(code)) throw error;
      if (attempt === maxAttempts) throw await giveUp(error);
      await later(PAUSE_MS * (1 + Math.random()));
    }
  }
}

/** Who has tables of the store in use, those for longest first: a copy of it may for hours. */
const HOLDERS = `
  SELECT a.pid, COALESCE(NULLIF(a.application_name, ''), a.usename) AS name,
    COALESCE(max(extract(epoch FROM clock_timestamp() - a.xact_start))::int, 0) AS seconds
  FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE l.granted AND c.relnamespace = current_schema()::regnamespace AND a.datname = current_database()
    AND a.pid <> pg_backend_pid()
  GROUP BY a.pid, name ORDER BY seconds DESC LIMIT 3`;

/**
 * Gives a migration up that was undone whole: forgets that it was begun, for with that no server would start again, and
 * says who stands in its way.
 */
export async function giveUpMigration(ask: AskStore, cause: unknown): Promise<Error> {
  await ask('DELETE FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL');
  const holders = (await ask(HOLDERS)).map(
    ({ pid, name, seconds }) => `process ${String(pid)} (${String(name)}, for ${String(seconds)} s)`,
  );
  const who = holders.length === 0 ? '' : ` Last seen at them: ${holders.join(', ')}; pg_stat_activity says more.`;
  return new Error(
    `The store cannot be migrated while others hold its tables; nothing was changed.${who} ` +
      'Wait until a backup or a pg_dump is done, or end it, and start the server again.',
    { cause },
  );
}
