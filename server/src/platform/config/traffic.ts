import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { RESOURCE_KEY } from '../../kernel/key.js';
import { gatewayApiFields } from './gateway-api.js';
import { xdsFields } from './xds.js';

/** What names a service's traffic: keys, as in the API. */
const target = {
  project: z.string().regex(RESOURCE_KEY),
  environment: z.string().regex(RESOURCE_KEY),
  service: z.string().regex(RESOURCE_KEY),
};

const rules = {
  /**
   * What an arm needs before it is given more traffic. `any`: one server that is up. `proportional`: as much of the
   * service's capacity as its new share; for arms whose weights are comparable.
   */
  capacity: z.enum(['any', 'proportional']).default('any'),
  /**
   * What becomes of the arms when a release is over. `swap`: they change roles, the next version is installed on the arm
   * that serves nobody. `return`: the released version is installed on the stable arm too, and once CI reports the old
   * one as removed, everybody goes there and the candidate arm is free.
   */
  afterRelease: z.enum(['swap', 'return']).default('swap'),
  /** How many requests one user sends while shares are verified, on average; 1: routing is per request. */
  requestsPerKey: z.number().min(1).default(1),
  /** How long the program may take for one answer, or for one reload. */
  timeoutMs: z.number().int().min(100).max(120_000).default(10_000),
};

/** Text that goes into a command of HAProxy's runtime API: no spaces, separators or escapes. */
const word = z.string().regex(/^[A-Za-z0-9_.:#/@+-]+$/u, 'must be letters, digits or _ . : # / @ + -');

const haproxyRoute = z.strictObject({
  ...target,
  router: z.literal('haproxy'),
  /** Where the runtime API listens, at level admin: the path of a Unix socket, or host:port. */
  socket: z.string().regex(/^(?:\/.+|[^\s/]+:\d{1,5})$/u, 'must be the path of a socket or host:port'),
  /** The map that holds the share: its file as haproxy.cfg writes it, or #id. */
  map: word,
  /** The key in the map. */
  key: word,
  /** The same file as this server sees it, to keep the share over restarts; absent: a restart forgets it. */
  mapFile: z.string().min(1).optional(),
  /** Names of two backends. */
  stable: word,
  candidate: word,
  ...rules,
});

/** Text that goes into nginx's configuration: no spaces, quotes, braces of blocks or ends of statements. */
const name = z.string().regex(/^[A-Za-z0-9_.:-]+$/u, 'must be letters, digits or _ . : -');
const command = z.array(z.string().min(1)).min(1);

const nginxArm = z.strictObject({
  /** The name of an `upstream`. */
  upstream: name,
  /** One URL per server; a server is up that answers it with 2xx. nginx itself cannot say. */
  health: z.array(z.url({ protocol: /^https?$/u })).min(1),
});

const nginxRoute = z.strictObject({
  ...target,
  router: z.literal('nginx'),
  /** Names the variables `$sluice_<name>…` and the log format `sluice_<name>`. */
  name: z.string().regex(/^[a-z0-9_]+$/u, 'must be small letters, digits or _'),
  /** The file that is generated, and that nginx.conf includes in `http`. */
  include: z.string().min(1),
  /** What users are told apart by: text with variables of nginx, such as `$http_x_sluice_key`. */
  key: z.string().regex(/^[A-Za-z0-9_.:${}-]*\$[A-Za-z0-9_.:${}-]+$/u, 'must hold a variable, such as $remote_addr'),
  stable: nginxArm,
  candidate: nginxArm,
  /** Tests the whole configuration: `["nginx", "-t"]`. Run without a shell. */
  test: command,
  /** Reloads: a command such as `["nginx", "-s", "reload"]`, or SIGHUP to the process in a pid file. */
  reload: z.union([command, z.strictObject({ pidFile: z.string().min(1) })]),
  /** A location of nginx that returns `$sluice_<name>_state`. */
  status: z.url({ protocol: /^http$/u }),
  /** The access log in format `sluice_<name>`. */
  log: z.string().min(1),
  ...rules,
});

const gatewayApiRoute = z.strictObject({ ...target, ...gatewayApiFields, ...rules });
const xdsRoute = z.strictObject({ ...target, ...xdsFields, ...rules });

const routeFile = z.strictObject({
  routes: z
    .array(z.discriminatedUnion('router', [haproxyRoute, nginxRoute, gatewayApiRoute, xdsRoute]))
    .superRefine(refuseShared),
});

export type HaproxyRoute = z.infer<typeof haproxyRoute>;
export type NginxRoute = z.infer<typeof nginxRoute>;
export type GatewayApiRoute = z.infer<typeof gatewayApiRoute>;
export type XdsRoute = z.infer<typeof xdsRoute>;
export type TrafficRoute = HaproxyRoute | NginxRoute | GatewayApiRoute | XdsRoute;

/** Which programs move which services' traffic. The operator's file, never the API's: it names sockets and commands. */
export abstract class TrafficConfig {
  abstract readonly routes: readonly TrafficRoute[];
}

export const trafficSection = z
  .object({ SLUICE_TRAFFIC_FILE: z.string().optional() })
  .transform((env, context): TrafficConfig => {
    if (env.SLUICE_TRAFFIC_FILE === undefined) return { routes: [] };
    const read = readJson(env.SLUICE_TRAFFIC_FILE);
    const parsed = 'problem' in read ? undefined : routeFile.safeParse(read.json);
    if (parsed?.success) return { routes: parsed.data.routes };
    const issues = parsed?.error.issues ?? [{ path: [], message: 'problem' in read ? read.problem : '' }];
    for (const { path, message } of issues) {
      context.addIssue({ code: 'custom', path: ['SLUICE_TRAFFIC_FILE', ...path], message });
    }
    return z.NEVER;
  });

function readJson(path: string): { readonly json: unknown } | { readonly problem: string } {
  try {
    return { json: JSON.parse(readFileSync(path, 'utf8')) };
  } catch (error) {
    return { problem: error instanceof SyntaxError ? 'is not JSON' : `cannot be read: ${(error as Error).message}` }; // node throws Errors
  }
}

/** Two routes that would undo each other's work: one service twice, or one file or name twice. */
function refuseShared(routes: readonly TrafficRoute[], context: z.RefinementCtx<readonly TrafficRoute[]>): void {
  const seen = new Set<string>();
  routes.forEach((route, index) => {
    // Arms of xDS are versions: they have no names here.
    const named = route.router === 'xds' ? [] : [route.stable, route.candidate];
    const arms = named.map((arm) => (typeof arm === 'string' ? arm : arm.upstream));
    if (arms.length > 0 && arms[0] === arms[1]) {
      context.addIssue({ code: 'custom', path: [index, 'candidate'], message: 'is the stable arm too' });
    }
    for (const [field, owned] of ownedBy(route)) {
      if (seen.has(`${field} ${owned}`)) {
        context.addIssue({ code: 'custom', path: [index, field], message: 'is that of another route already' });
      }
      seen.add(`${field} ${owned}`);
    }
  });
}

function ownedBy(route: TrafficRoute): readonly (readonly [field: string, value: string])[] {
  const service = `${route.project}/${route.environment}/${route.service}`;
  if (route.router === 'nginx') {
    return [
      ['service', service],
      ['include', route.include],
      ['log', route.log],
    ];
  }
  if (route.router === 'gateway-api') {
    return [
      ['service', service],
      ['name', `${route.cluster} ${route.namespace} ${route.name}`],
    ];
  }
  if (route.router === 'xds') {
    return [
      ['service', service],
      ['listener', route.listener],
    ];
  }
  const entry = ['key', `${route.socket} ${route.map} ${route.key}`] as const;
  return [['service', service], entry, ...(route.mapFile === undefined ? [] : [['mapFile', route.mapFile] as const])];
}
