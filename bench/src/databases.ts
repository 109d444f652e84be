import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** With the PostgreSQL that TEST_DATABASE_URL names, else a fresh one of the installed programs. */
export async function withPostgres<T>(work: (serverUrl: string) => Promise<T>): Promise<T> {
  const given = process.env['TEST_DATABASE_URL'] ?? '';
  if (given !== '') return work(given);
  const child = fork(fileURLToPath(new URL('../../scripts/postgres-process.ts', import.meta.url)));
  const gone = once(child, 'exit');
  const first = await Promise.race([once(child, 'message'), gone.then(() => undefined)]);
  if (first === undefined) throw new Error('No PostgreSQL: install one, or name one by TEST_DATABASE_URL.');
  try {
    return await work(String(first[0]));
  } finally {
    child.disconnect();
    await gone;
  }
}

/** In a database of its own on a PostgreSQL. */
export async function withDatabase<T>(serverUrl: string, work: (url: string) => Promise<T>): Promise<T> {
  const name = `sluice_bench_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await runOn(serverUrl, `CREATE DATABASE ${name}`);
  try {
    return await work(url.href);
  } finally {
    await runOn(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  }
}

async function runOn(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
