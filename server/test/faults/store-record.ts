import pg from 'pg';
import type { Api } from '../e2e/start-test-server.js';
import { BEACON, PROJECT } from './fault-world.js';
import type { StoredChange } from './history.js';
import type { WriteEntry } from './write-record.js';

const SETTINGS = `flag/${BEACON}/production`;
const MADE = 'flag/made-by-';

interface Settings {
  readonly defaultServe: { readonly variation: string };
}

/** A change of a flag's settings, and an entry of the audit log, as the API's contract has them. */
interface Change {
  readonly sequence: number;
  readonly before: Settings;
  readonly after: Settings;
}
interface Entry {
  readonly sequence: number;
  readonly subject: string;
  readonly requestId: string;
  readonly after: Settings | null;
}

/**
 * What the store has of all that was written since it was opened. The API tells what was written; to which revision of
 * the environment that led the store itself notes with each entry of the audit log, in the transaction that writes it.
 */
export class StoreRecord {
  private constructor(private readonly databaseUrl: string) {}

  static async open(databaseUrl: string): Promise<StoreRecord> {
    const record = new StoreRecord(databaseUrl);
    await record.query(`
      CREATE TABLE fault_revision (sequence int PRIMARY KEY, revision int NOT NULL);
      CREATE FUNCTION note_fault_revision() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO fault_revision SELECT NEW.sequence, revision FROM environment WHERE key = 'production';
        RETURN NULL;
      END;
      $$;
      CREATE TRIGGER fault_revision AFTER INSERT ON audit_entry
        FOR EACH ROW EXECUTE FUNCTION note_fault_revision();`);
    return record;
  }

  /** Every change of the flag that everybody changes, the oldest first. */
  async changes(api: Api): Promise<readonly StoredChange[]> {
    const path = `/api/v1/projects/${PROJECT}/flags/${BEACON}/environments/production/revisions`;
    const all = await listAll<Change>(api, path);
    const revisions = await this.revisions();
    return all.toReversed().flatMap(({ sequence, before, after }) => {
      const revision = revisions.get(sequence);
      return revision === undefined ? [] : [{ revision, before: valueOf(before), after: valueOf(after) }];
    });
  }

  /** What the audit log has of those who write, the oldest first. */
  async entries(api: Api): Promise<readonly WriteEntry[]> {
    const edits = await listAll<Entry>(api, `/api/v1/audit?subject=${SETTINGS}`);
    const made = await listAll<Entry>(api, '/api/v1/audit?action=flag.created');
    const all = [...edits, ...made.filter(({ subject }) => subject.startsWith(MADE))];
    const revisions = await this.revisions();
    return all
      .filter(({ sequence }) => revisions.has(sequence))
      .toSorted((a, b) => a.sequence - b.sequence)
      .map(({ sequence, requestId, subject, after }) => {
        const what = subject === SETTINGS && after !== null ? `${subject} ${after.defaultServe.variation}` : subject;
        return { sequence, id: requestId, what };
      });
  }

  /** Revision that the environment has come to. */
  async newest(): Promise<number> {
    const [row] = await this.query(`SELECT revision FROM environment WHERE key = 'production'`);
    return (row as { readonly revision: number }).revision; // furnished
  }

  /** By the sequence of the entry that was written with it. */
  private async revisions(): Promise<ReadonlyMap<number, number>> {
    const rows = await this.query('SELECT sequence, revision FROM fault_revision');
    // As the table has them.
    return new Map((rows as { sequence: number; revision: number }[]).map((row) => [row.sequence, row.revision]));
  }

  /** A connection each, for the store crashes in between. */
  private async query(sql: string): Promise<readonly unknown[]> {
    const client = new pg.Client({ connectionString: this.databaseUrl });
    await client.connect();
    try {
      return (await client.query<object>(sql)).rows;
    } finally {
      await client.end();
    }
  }
}

/** Every item of a list, in its order. */
export async function listAll<T>(api: Api, path: string): Promise<readonly T[]> {
  const all: T[] = [];
  for (let after = ''; ;) {
    const answer = await api('GET', `${path}${path.includes('?') ? '&' : '?'}limit=200${after}`);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    // What the API's contract says.
    const page = answer.body as { readonly items: readonly T[]; readonly nextCursor: string | null };
    all.push(...page.items);
    if (page.nextCursor === null) return all;
    after = `&after=${page.nextCursor}`;
  }
}

function valueOf({ defaultServe }: Settings): number {
  return Number(defaultServe.variation.slice(1));
}
