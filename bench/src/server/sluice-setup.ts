import type { SnapshotFlag } from '@sluice/sdk/evaluation';
import { BenchServer } from '../bench-server.js';

const PROJECT = 'bench';
/** The version of settings that nobody has edited. */
const UNEDITED = { 'if-match': '"0"' };
/** Creations under way at once. */
const AT_ONCE = 4;

/** A Sluice on that database with these flags on in its production, and the token of services there. */
export async function startSluice(
  settings: Readonly<Record<string, string>>,
  flags: readonly SnapshotFlag[],
): Promise<{ readonly server: BenchServer; readonly token: string }> {
  // The limit is not what is measured.
  const server = await BenchServer.start({ SLUICE_API_REQUESTS_PER_MINUTE: '1000000', ...settings });
  try {
    const token = await server.project(PROJECT);
    const waiting = [...flags].reverse();
    const createNext = async (): Promise<void> => {
      for (let flag = waiting.pop(); flag !== undefined; flag = waiting.pop()) await createFlag(server, flag);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, createNext));
    return { server, token };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function createFlag(server: BenchServer, flag: SnapshotFlag): Promise<void> {
  const { key, type, variations, on, offVariation, defaultServe, rules } = flag;
  await server.api('POST', `/projects/${PROJECT}/flags`, { key, type, variations });
  const conditions = rules.map(({ clauses, serve }) => ({ clauses, serve }));
  const edit = { on, offVariation, defaultServe, rules: conditions };
  await server.api('PATCH', `/projects/${PROJECT}/flags/${key}/environments/production`, edit, UNEDITED);
}
