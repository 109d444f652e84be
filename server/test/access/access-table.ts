import type { Permission } from '../../src/kernel/permission.js';

/** Everybody there is, as far as what they may do goes. People have their role in the whole instance. */
export const CALLERS = [
  'nobody',
  'admin token',
  'ci token',
  'server token',
  'client token',
  'person without roles',
  'viewer',
  'editor',
  'approver',
  'admin',
] as const;
export type CallerName = (typeof CALLERS)[number];

/** What the documentation promises, written out: nothing here is asked of the code that it is held against. */
const LOOK: readonly Permission[] = [
  'project.read',
  'flag.read',
  'segment.read',
  'telemetry.read',
  'deployment.read',
  'policy.read',
  'release.read',
  'guardrail.read',
  'parallelRun.read',
  'event.read',
  'audit.read',
];
const DELIVER: readonly Permission[] = [
  'flag.write',
  'segment.write',
  'deployment.write',
  'instance.write',
  'release.write',
  'release.stop',
  'parallelRun.operate',
];
const MANAGE: readonly Permission[] = [
  ...LOOK,
  ...DELIVER,
  'release.approve',
  'parallelRun.write',
  'policy.write',
  'guardrail.write',
  'webhook.read',
  'webhook.write',
  'token.read',
  'token.write',
  'person.read',
  'person.write',
  'project.write',
  'environment.write',
  'system.read',
  'system.backup',
];

export const MAY: Readonly<Record<CallerName, readonly Permission[]>> = {
  nobody: [],
  'admin token': MANAGE,
  'ci token': [...LOOK, ...DELIVER],
  'server token': ['snapshot.read', 'evaluation.read', 'telemetry.write', 'instance.write'],
  'client token': ['evaluation.read'],
  'person without roles': [],
  viewer: LOOK,
  editor: [...LOOK, ...DELIVER, 'parallelRun.write'],
  approver: [...LOOK, 'release.approve', 'release.stop'],
  admin: MANAGE,
};

/** Routes that let anybody in, all of them. Sign-in, health, contracts, the pages themselves. */
export const PUBLIC: readonly string[] = [
  'GET /healthz',
  'GET /readyz',
  // For who scrapes; a token may be asked for.
  'GET /metrics',
  'GET /api/v1/session',
  'POST /api/v1/session',
  'POST /api/v1/session/first',
  'POST /api/v1/session/invitation',
  'DELETE /api/v1/session',
  'POST /api/v1/session/oidc',
  'GET /api/v1/session/oidc/callback',
  'GET /api/docs',
  'GET /api/docs*',
  'GET /api/docs/LICENSE',
  'GET /api/docs/docs/swagger-ui-init.js',
  'GET /api/docs/index.html',
  'GET /api/docs/swagger-ui-init.js',
  'GET /api/openapi.json',
  'GET /api/openapi.yaml',
  'GET *',
  // Refused to everybody: 405.
  'GET /graphql',
  // A stream that is asked for with a ticket instead of a token.
  'GET /ofrep/v1/sse',
];

/** Routes that concern their caller alone: whoever is let in may. */
export const OWN: readonly string[] = ['POST /graphql', 'POST /api/v1/session/password', 'DELETE /api/v1/session/all'];

const FLAGD = ['flagd.evaluation.v1.Service', 'flagd.evaluation.v2.Service'];
const FLAGD_QUESTIONS = ['ResolveBoolean', 'ResolveString', 'ResolveFloat', 'ResolveInt', 'ResolveObject'];

/** Streams of Connect say within their answer, which is 200, who may not have them: flagd-clients.spec.ts looks at it. */
export const CONNECT_STREAMS: readonly string[] = FLAGD.map((service) => `POST /${service}/EventStream`);

/** Routes beside Nest, and what they need. */
export const HOT: Readonly<Record<string, Permission>> = {
  'GET /sdk/v1/snapshot': 'snapshot.read',
  'GET /sdk/v1/stream': 'snapshot.read',
  'POST /ofrep/v1/evaluate/flags': 'evaluation.read',
  'POST /ofrep/v1/evaluate/flags*': 'evaluation.read',
  'POST /flagd.evaluation.v1.Service/ResolveAll': 'evaluation.read',
  ...Object.fromEntries(
    [...CONNECT_STREAMS, ...FLAGD.flatMap((service) => FLAGD_QUESTIONS.map((name) => `POST /${service}/${name}`))].map(
      (route) => [route, 'evaluation.read'],
    ),
  ),
};
