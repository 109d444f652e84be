/** Brings a fresh PostgreSQL for the process that forked this one: tells it the address, and ends when it lets go. */
import { findPostgres, startPostgres } from './services/postgres.ts';

const programs = await findPostgres();
if (programs === undefined) throw new Error('PostgreSQL is not installed.');
const { address, stop } = await startPostgres(programs);
// A signal to the group reaches the other one too, whose end is the word to clean up.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => void stop());
process.send?.(address);
