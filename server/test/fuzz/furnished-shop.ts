import { cursorOf } from '../../src/kernel/page.js';
import { aPolicyDocument } from '../builders/a-policy.js';
import { aDigest } from '../builders/a-service.js';
import { bodyOf } from '../e2e/releases-world.js';
import type { Answer, TestServer } from '../e2e/start-test-server.js';
import type { KnownNames } from './fitting-values.js';

const BASE = '/api/v1/projects/shop';

/** What there is to ask about. */
export interface Shop {
  /** By what parameters and members call them. */
  readonly names: KnownNames;
  /** Of an SDK in its environment. */
  readonly serverToken: string;
}

/** Makes one of everything that requests can be about. */
export async function furnishShop({ api }: Pick<TestServer, 'api'>): Promise<Shop> {
  const done = async <T = { readonly id: string }>(method: string, path: string, body: object): Promise<T> => {
    const answer: Answer = await api(method, path, body, { 'if-match': '*' });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return bodyOf<T>(answer);
  };
  const environments = [{ key: 'live', production: true }, { key: 'test' }];
  await done('POST', '/api/v1/projects', { key: 'shop', name: 'Shop', environments });
  await done('POST', `${BASE}/flags`, { key: 'checkout', type: 'boolean' });
  await done('POST', `${BASE}/flags`, { key: 'ramped', type: 'boolean' });
  await done('PATCH', `${BASE}/flags/checkout/environments/live`, { on: true });
  await done('POST', `${BASE}/segments`, { key: 'staff', included: ['ada'] });
  await done('POST', `${BASE}/deployments`, {
    environment: 'live',
    service: 'pricing',
    version: 'v1',
    digest: aDigest('1'),
  });
  await done('POST', `${BASE}/policies`, { key: 'slow', name: 'Slow', document: aPolicyDocument() });
  await done('POST', `${BASE}/parallel-runs`, { key: 'price-v2' });
  const statement = {
    kind: 'measurement',
    subject: 'all',
    metric: 'orders',
    what: 'countPerMinute',
    windowSeconds: 300,
  };
  await done('POST', `${BASE}/guardrails`, {
    environment: 'live',
    key: 'orders',
    statement: { ...statement, atLeast: 30 },
  });
  // Port 9 discards what comes, where anything listens there at all.
  const webhook = await done('POST', `${BASE}/webhooks`, { url: 'http://127.0.0.1:9/', enabled: false });
  const token = await done('POST', '/api/v1/tokens', { kind: 'ci', name: 'ci', project: 'shop' });
  const person = await done('POST', '/api/v1/people', { email: 'ada@shop.example', name: 'Ada', role: 'viewer' });
  const release = await done('POST', '/api/v1/releases', {
    project: 'shop',
    environment: 'live',
    policy: 'slow',
    changes: [{ kind: 'flag', flag: 'ramped', ramp: { variation: 'on' } }],
  });
  const sdk = { kind: 'server', name: 'sdk', project: 'shop', environment: 'live' };
  const { secret } = await done<{ readonly secret: string }>('POST', '/api/v1/tokens', sdk);
  const names = {
    project: ['shop'],
    environment: ['live', 'test'],
    other: ['test'],
    to: ['test'],
    flag: ['checkout', 'ramped'],
    segment: ['staff'],
    service: ['pricing'],
    version: ['v1', '1'],
    policy: ['slow', 'standard', 'parallel-run'],
    run: ['price-v2'],
    parallelRun: ['price-v2'],
    guardrail: ['orders'],
    id: [webhook.id, token.id, person.id, release.id],
    person: [person.id],
    webhook: [webhook.id],
    release: [release.id],
    revision: ['1', '2'],
    sequence: ['1'],
    variation: ['on', 'off'],
    offVariation: ['on', 'off'],
    subject: ['all', 'flag/checkout', 'service/pricing'],
    limit: ['1', '7', '200'],
    after: [cursorOf('checkout'), cursorOf('1'), cursorOf(release.id)],
    email: ['ada@shop.example', 'eve@shop.example'],
    url: ['http://127.0.0.1:9/hook'],
    path: ['/total', '/lines/*/price'],
    key: ['new-one'],
  };
  return { names, serverToken: secret };
}
