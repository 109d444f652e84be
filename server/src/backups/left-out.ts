/**
 * Tables that a backup leaves out, and why. All others are in it, those too that come with later versions: what is
 * forgotten here costs space, not data.
 */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  _prisma_migrations: 'the restoring server migrates by itself; the header says how far',
  session: 'people sign in again: a copy of the store opens no door that somebody has closed since',
  sign_in_attempt: 'lasts for minutes and holds secrets of a provider',
  idempotency_record: 'answers for requests that are repeated within a day; holds whole answers',
  outbox_message: 'tells running servers to look again; one that starts looks anyway',
};
