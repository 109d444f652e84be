import { setTimeout } from 'node:timers/promises';
import type { BenchServer } from '../bench-server.js';
import type { GrpcLoad, HttpLoad } from './load.js';
import type { MeasuredServer } from './measured-server.js';
import type { UnleashServer } from './unleash-setup.js';

/** Something that a server is asked, over and over. */
export interface Route {
  readonly name: string;
  readonly server: Pick<MeasuredServer, 'costs'>;
  readonly load: Omit<HttpLoad, 'callers' | 'seconds'> | Omit<GrpcLoad, 'callers' | 'seconds'>;
  /** What every answer must be. */
  readonly status: string;
  /** Name of the route that it is told beside, and the least part of whose answers it is to give in the same time. */
  readonly floor: string;
  readonly target?: number;
}

/** How long Unleash's front end may take until it has what was stored. */
const FRONT_END_MS = 60_000;

const HELLO = 'bare Node, hello';

/** Whom flags are evaluated for. */
export const CONTEXT = { targetingKey: 'user-17', country: 'CH', plan: 'enterprise' } as const;

export function helloRoutes(node: MeasuredServer, fastify: MeasuredServer): readonly Route[] {
  const greet = (name: string, server: MeasuredServer): Route => ({
    ...{ name, server, status: '200', floor: HELLO },
    load: { kind: 'http', url: `${server.url}/`, method: 'GET', headers: {} },
  });
  return [greet(HELLO, node), greet('bare Fastify, hello', fastify)];
}

/** What SDKs and OFREP's clients ask of Sluice. Throws where an answer is not what it should be. */
export async function sluiceRoutes(
  server: BenchServer,
  token: string,
  flags: number,
  bare: MeasuredServer,
): Promise<readonly Route[]> {
  const authorization = `Bearer ${token}`;
  const snapshot = `${server.url}/sdk/v1/snapshot`;
  const evaluate = `${server.url}/ofrep/v1/evaluate/flags`;
  const post = { authorization, 'content-type': 'application/json' };
  const body = JSON.stringify({ context: CONTEXT });

  const gzipped = { authorization, 'accept-encoding': 'gzip' };
  const whole = await ask<{ flags: readonly unknown[] }>(snapshot, { headers: gzipped });
  expectCount('the snapshot', whole.json.flags, flags);
  const bulk = await ask<{ flags: readonly unknown[] }>(evaluate, { method: 'POST', headers: post, body });
  expectCount("OFREP's bulk answer", bulk.json.flags, flags);
  const single = await ask<{ value: unknown }>(`${evaluate}/flag-0`, { method: 'POST', headers: post, body });
  if (single.json.value !== 'on') throw new Error(`flag-0 is ${String(single.json.value)}, not on.`);

  const route = (
    name: string,
    load: Partial<HttpLoad> & { readonly url: string },
    more: Partial<Route> = {},
  ): Route => ({
    ...{ name: `Sluice, ${name}`, server, status: '200', floor: HELLO },
    load: { kind: 'http', method: 'GET', headers: { authorization }, ...load },
    ...more,
  });
  const posted = { method: 'POST', headers: post, body } as const;
  return [
    {
      ...{ name: 'bare Node, as many bytes as gzip', server: bare, status: '200', floor: HELLO },
      load: { kind: 'http', url: `${bare.url}/${whole.bytes}`, method: 'GET', headers: {} },
    },
    route(
      'snapshot, 304',
      { url: snapshot, headers: { ...gzipped, 'if-none-match': whole.etag } },
      { status: '304', target: 0.7 },
    ),
    route('snapshot, gzip', { url: snapshot, headers: gzipped }, { target: 0.6 }),
    route('snapshot, plain', { url: snapshot }),
    route('OFREP, one flag', { url: `${evaluate}/flag-3`, ...posted }, { target: 0.35 }),
    route('OFREP, all flags', { url: evaluate, ...posted }),
  ];
}

/** What its SDKs and front ends ask of Unleash. Throws where an answer is not what it should be. */
export async function unleashRoutes(server: UnleashServer, flags: number): Promise<readonly Route[]> {
  const features = `${server.url}/api/client/features`;
  const query = new URLSearchParams({ userId: CONTEXT.targetingKey });
  for (const name of ['country', 'plan'] as const) query.set(`properties[${name}]`, CONTEXT[name]);
  const frontend = `${server.url}/api/frontend?${query.toString()}`;
  const asClient = { authorization: server.clientToken, 'accept-encoding': 'gzip' };
  const asPage = { authorization: server.frontendToken, 'accept-encoding': 'gzip' };
  const whole = await ask<{ features: readonly unknown[] }>(features, { headers: asClient });
  expectCount("Unleash's features", whole.json.features, flags);
  // Its front end evaluates what it keeps in memory, and fetches that every few seconds.
  const endMs = Date.now() + FRONT_END_MS;
  while (!(await isFrontEndRight(frontend, asPage))) {
    if (Date.now() > endMs) throw new Error("Unleash's front end has not what it should be on.");
    await setTimeout(500);
  }
  const route = (name: string, url: string, headers: HttpLoad['headers'], status = '200'): Route => ({
    ...{ name: `Unleash, ${name}`, server, status, floor: HELLO },
    load: { kind: 'http', method: 'GET', url, headers },
  });
  return [
    route('features, 304', features, { ...asClient, 'if-none-match': whole.etag }, '304'),
    route('features, gzip', features, asClient),
    route('front end, all flags', frontend, asPage),
  ];
}

/** It answers with those that are on: the plain ones are, those whose rule is not met are not. */
async function isFrontEndRight(url: string, headers: HttpLoad['headers']): Promise<boolean> {
  const { json } = await ask<{ toggles: readonly { readonly name: string }[] }>(url, { headers });
  const on = new Set(json.toggles.map(({ name }) => name));
  return on.has('flag-0') && !on.has('flag-2');
}

interface Asked<T> {
  readonly json: T;
  readonly etag: string;
  /** Of the body on the wire. */
  readonly bytes: number;
}

async function ask<T>(url: string, init: RequestInit): Promise<Asked<T>> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  // Of whose answer the caller reads what it names.
  const { headers } = response;
  const bytes = Number(headers.get('content-length'));
  return { json: (await response.json()) as T, etag: headers.get('etag') ?? '', bytes };
}

function expectCount(what: string, flags: readonly unknown[], count: number): void {
  if (flags.length !== count) throw new Error(`${what} has ${flags.length} flags, not ${count}.`);
}
