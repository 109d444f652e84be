import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { runSluice } from './run-sluice.js';

const TEXTS = fileURLToPath(new URL('../../web/src/text/', import.meta.url));

/** Every command that the control room shows, by where its texts have it: `segments.ts segments.none.cli`. */
const shown = new Map<string, unknown>();
for (const name of await readdir(TEXTS)) {
  // The texts import nothing, so that whoever reads them needs no browser.
  for (const [path, value] of leavesOf((await import(join(TEXTS, name))) as object)) {
    const isCommand = path.endsWith('.cli') || (typeof value === 'string' && value.startsWith('sluice '));
    if (isCommand) shown.set(`${name} ${path}`, value);
  }
}

function* leavesOf(texts: object, under: readonly string[] = []): Iterable<readonly [string, unknown]> {
  for (const [key, value] of Object.entries(texts)) {
    const path = [...under, key];
    if (typeof value === 'object' && value !== null) yield* leavesOf(value as object, path);
    else yield [path.join('.'), value];
  }
}

interface Use {
  /** What the page fills in. */
  readonly with?: readonly string[];
  /** What there is already where the page shows it. */
  readonly after?: readonly string[];
  readonly exitCode?: number;
  /** It stands where there is no project yet. */
  readonly makesProject?: true;
}

const FLAG = 'flag create new-cart';
const RUN = 'parallel-run create price-v2';
const AT = ['price-v2', 'production'];

/** How each is used; one that is not here is run as it stands, in a project that has only its environments. */
const USES: Readonly<Record<string, Use>> = {
  'flag.ts flag.usage.none.cli': { with: ['new-cart'], after: [FLAG] },
  'flag.ts flag.revisions.none.cli': { with: ['new-cart', 'production'], after: [FLAG] },
  'new-release.ts changesStep.cli': { after: [FLAG] },
  'overview.ts overview.flight.cli': { after: [FLAG] },
  'parallel-run.ts parallelRun.nothing.cli': { with: AT, after: [RUN] },
  'parallel-run.ts parallelRun.rules.none.cli': { with: AT, after: [RUN] },
  // A gate: nothing was compared yet.
  'parallel-run.ts parallelRun.certificates.none.cli': { with: AT, after: [RUN], exitCode: 4 },
  'policies.ts policy.usedBy.cli': { with: ['standard'], after: [FLAG] },
  'releases.ts releases.none.cli': { after: [FLAG] },
  'services.ts services.none.cli': { with: ['production'] },
  'shell.ts shell.noProjects.cli': { makesProject: true },
  'system.ts system.sdks.noProject.cli': { makesProject: true },
};

/** The files that commands name. */
const FILES: Readonly<Record<string, object>> = {
  'staff.yaml': { key: 'staff', included: ['ann'] },
  'policy.json': { key: 'brisk', name: 'Brisk', document: { steps: [{ share: 100_000 }] } },
  'orders.yaml': {
    key: 'orders',
    environment: 'production',
    statement: { kind: 'measurement', metric: 'unit', what: 'countPerMinute', atLeast: 30 },
  },
};

let server: TestServer;
let folder: string;
let projects = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-web-commands-'));
  server = await startTestServer();
  for (const [name, content] of Object.entries(FILES)) await writeFile(join(folder, name), JSON.stringify(content));
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a line as a shell would, in the files' folder, with what people are to fill in filled in. */
function run(line: string, project: string) {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/gu)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  const filled = words.map((word) => {
    if (word in FILES) return join(folder, word);
    // The project that the texts name is this one's.
    return word === 'shop' ? project : word.replace('sha256:…', `sha256:${'a'.repeat(64)}`);
  });
  const env = { SLUICE_URL: server.url, SLUICE_TOKEN: server.adminToken, SLUICE_PROJECT: project };
  return runSluice(filled, env);
}

describe('the commands that the control room shows', () => {
  it('are all known here', () => {
    expect(shown.size).toBeGreaterThan(20);
    expect(Object.keys(USES).filter((place) => !shown.has(place))).toEqual([]);
  });

  it.each([...shown])('work: %s', async (place, text) => {
    const { with: names = [], after = [], exitCode = 0, makesProject = false } = USES[place] ?? {};
    // A text that is filled in takes names, and is a command when it is.
    const line = typeof text === 'function' ? (text as (...names: readonly string[]) => string)(...names) : text;
    expect(line).toEqual(expect.stringMatching(/^sluice (?!.*undefined)/u));
    const project = `shop-${(projects += 1)}`;
    const environments = [{ key: 'production' }];
    if (!makesProject) await server.api('POST', '/api/v1/projects', { key: project, environments });
    for (const before of after) expect(await run(before, project)).toMatchObject({ exitCode: 0 });
    expect(await run(String(line).replace(/^sluice /u, ''), project)).toMatchObject({ exitCode });
  });
});
