import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { parseConfig } from '../src/platform/config/config.js';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly environment?: Readonly<Record<string, string>>;
        readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
        readonly healthcheck?: object;
        readonly ports?: readonly string[];
      }
    >
  >;
}

describe('docker-compose.yml', () => {
  // The file is ours: a shape that differs fails the tests below.
  const { services } = parse(read('docker-compose.yml')) as Compose;
  const sluice = services['sluice'];

  it('gives the server settings that it accepts, with their defaults filled in', () => {
    const filled = Object.entries(sluice?.environment ?? {}).map(([name, value]) => [
      name,
      value.replaceAll(/\$\{\w+:-([^}]*)\}/gu, '$1'),
    ]);
    const config = parseConfig(Object.fromEntries(filled) as Record<string, string>);
    expect(config.database.url).toBe('postgresql://sluice:sluice@postgres:5432/sluice');
    expect(config.redis.url).toBe('redis://redis:6379');
    expect(sluice?.ports).toEqual([`127.0.0.1:${config.http.port}:${config.http.port}`]);
  });

  it('starts the server once its stores are healthy, and every store can say that it is', () => {
    for (const [name, { condition }] of Object.entries(sluice?.depends_on ?? {})) {
      expect([name, condition]).toEqual([name, 'service_healthy']);
      expect(services[name]?.healthcheck).toBeDefined();
    }
    expect(Object.keys(sluice?.depends_on ?? {}).sort()).toEqual(['postgres', 'redis']);
  });
});

describe('Dockerfile', () => {
  const lines = read('Dockerfile').split('\n');

  it('copies what the repository or its build has', () => {
    const fromRepository = lines
      .filter((line) => /^COPY (?!--from)/u.test(line))
      .flatMap((line) => line.split(/\s+/u).slice(1, -1));
    const fromBuild = lines
      .filter((line) => line.startsWith('COPY --from=build'))
      .map((line) => (line.split(/\s+/u)[2] ?? '').replace('/sluice/', ''));
    expect(fromRepository.length).toBeGreaterThan(0);
    expect(fromBuild).toContain('prisma');
    const made = /(^|\/)(dist|node_modules)(\/|$)/u;
    const missing = [...fromRepository, ...fromBuild].filter(
      (path) => !made.test(path) && !existsSync(new URL(path, root)),
    );
    expect(missing).toEqual([]);
  });

  it('knows every workspace before it installs', () => {
    // package.json of this repository.
    const { workspaces } = JSON.parse(read('package.json')) as { workspaces: readonly string[] };
    const named = globSync(
      workspaces.map((each) => `${each}/package.json`),
      { cwd: root },
    );
    expect(named.length).toBeGreaterThan(workspaces.length);
    for (const manifest of named) expect(lines.join('\n')).toContain(`COPY ${manifest} `);
  });

  it('runs as an ordinary user and answers for its health', () => {
    expect(lines).toContain('USER node');
    expect(lines.some((line) => line.startsWith('HEALTHCHECK'))).toBe(true);
    expect(lines.at(-2)).toBe('CMD ["node", "server/dist/main.js"]');
  });
});
