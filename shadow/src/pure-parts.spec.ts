import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { badGateway } from './bad-gateway.js';
import { BodyCapture, CaptureBudget } from './body-capture.js';
import { inputOf } from './comparison-input.js';
import { healthOf } from './health.js';
import { identityOf, type IdentitySource } from './identity.js';
import { parseTemplate, stratumOf } from './route.js';
import { newTraceparent, traceIdOf } from './trace-parent.js';
import { TransportError, type TransportFailure } from './transport-error.js';

it.each<[string, string]>([
  ['/', 'GET:.'],
  ['/orders/17?x=1', 'GET:orders.:id'],
  ['/api/v1/orders/17/items', 'GET:api.v1.orders.:id.items'],
  ['/users/jane.doe@shop.example', 'GET:users.:id'],
  ['/users/Jane%20Doe', 'GET:users.:id'],
  ['/carts/3f2504e0-4f89-11d3-9a0c-0305e82c3301', 'GET:carts.:id'],
  ['/blobs/deadbeef', 'GET:blobs.:id'],
  ['/t/eyJhbGciOiJIUzI1NiJ9', 'GET:t.:id'],
  ['/static/app.js', 'GET:static.:id'],
  ['//double//slash/', 'GET:double.slash'],
])('the route of %p is guessed to be %p', (path, stratum) => expect(stratumOf('GET', path)).toBe(stratum));

it('names every route such that it may be reported', () => {
  const property = fc.property(fc.webPath(), fc.constantFrom('GET', 'M-SEARCH', '!odd'), (path, method) => {
    expect(stratumOf(method, path)).toMatch(/^[A-Za-z0-9_.:-]{1,64}$/);
  });
  fc.assert(property);
});

it('takes the first template that fits, and tells no other', () => {
  const templates = ['/users/:name', '/users/:name/orders'].map((each) => parseTemplate(each) ?? []);
  expect(stratumOf('GET', '/users/jane?x', templates)).toBe('GET:users.:name');
  expect(stratumOf('GET', '/users/jane/orders', templates)).toBe('GET:users.:name.orders');
  expect(stratumOf('GET', '/secret/jane', templates)).toBe('GET:other');
  expect([parseTemplate('users'), parseTemplate('/a b')]).toEqual([undefined, undefined]);
});

it('one input has one form, in whatever order its query came', () => {
  const input = inputOf('GET', '/a?b=2&a=1&b=1&__proto__=x', undefined);
  expect(input).toEqual({
    method: 'GET',
    path: '/a',
    query: { a: ['1'], b: ['2', '1'], ['__proto__']: ['x'] },
    body: undefined,
  });
  expect(Object.keys(input.query)).toContain('__proto__');
  const body = createHash('sha256').update('hello').digest('hex');
  expect(inputOf('POST', '/', [Buffer.from('hel'), Buffer.from('lo')])).toEqual({
    method: 'POST',
    path: '/',
    query: {},
    body,
  });
});

const header: IdentitySource = { kind: 'header', name: 'x-user' };
const cookie: IdentitySource = { kind: 'cookie', name: 'sid' };
it.each<[string, IdentitySource, Readonly<Record<string, string | readonly string[]>>, string | undefined]>([
  ['a header', header, { 'x-user': ' u1 ' }, 'u1'],
  ['a header that is repeated', header, { 'x-user': ['a', 'b'] }, 'a,b'],
  ['no header', header, {}, undefined],
  ['an empty header', header, { 'x-user': '' }, undefined],
  ['a cookie among others', cookie, { cookie: 'xsid=0; sid=a=b; sid=c' }, 'a=b'],
  ['no cookie of that name', cookie, { cookie: 'xsid=0; sid' }, undefined],
  ['no cookies', cookie, {}, undefined],
])('the identity of %s', (_name, source, headers, identity) => expect(identityOf(source, headers)).toBe(identity));

it.each<[string, TransportFailure]>([
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'reset'],
  ['ENOTFOUND', 'unresolved'],
  ['ETIMEDOUT', 'timedOut'],
  ['HPE_INVALID_CONSTANT', 'malformed'],
  ['CERT_HAS_EXPIRED', 'untrusted'],
  ['EMFILE', 'failed'],
])('%s is told as %s, without the address', (code, failure) => {
  const error = TransportError.from(Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:80'), { code }));
  expect(error).toMatchObject({ failure, name: 'TransportError' });
  expect(error.message + badGateway(error).body).not.toContain('10.1.2.3');
});

it('keeps a body within its bound, and gives back what it took', () => {
  const budget = new CaptureBudget(10);
  const [one, other] = [new BodyCapture(8, budget), new BodyCapture(8, budget)];
  one.add(Buffer.alloc(6));
  other.add(Buffer.alloc(5));
  expect([one.isOver, other.isOver, other.chunks]).toEqual([false, true, []]);
  one.add(Buffer.alloc(3));
  expect([one.isOver, one.chunks]).toEqual([true, []]);
  one.release();
  expect([budget.take(10), budget.take(1)]).toEqual([true, false]);
});

it.each<[string | undefined, string | undefined]>([
  ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '0af7651916cd43dd8448eb211c80319c'],
  ['00-00000000000000000000000000000000-b7ad6b7169203331-01', undefined],
  ['00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01', undefined],
  ['ff', undefined],
  [undefined, undefined],
])('the trace of %p is %p', (traceparent, traceId) => expect(traceIdOf(traceparent)).toBe(traceId));

it('makes a traceparent that can be read', () => {
  expect(traceIdOf(newTraceparent((bytes) => 'ab'.repeat(bytes)))).toBe('ab'.repeat(16));
});

it('is healthy until it drains, and tells what is never compared as rules are told', () => {
  const counts = { requests: 1, primaryFailures: 0, abandoned: 0, tunnels: 0, tooLong: 0, verdicts: { match: 1 } };
  const settings = { run: 'r', methods: new Set(['GET']), ignoredHeaders: new Set(['date', 'x-request-id']) };
  const facts = { settings, isDraining: false, state: 'ready', counts, faults: {} };
  const health = healthOf('/__sluice/health?x', facts);
  expect([health.status, JSON.parse(health.body)]).toEqual([
    200,
    {
      ...{ status: 'ok', run: 'r', controlPlane: 'ready', methods: ['GET'], counts, faults: {} },
      rules: [
        { kind: 'ignore', path: '$.headers.date' },
        { kind: 'ignore', path: "$.headers['x-request-id']" },
      ],
    },
  ]);
  expect(healthOf('/__sluice/health', { ...facts, isDraining: true }).status).toBe(503);
  expect(healthOf('/', facts).status).toBe(404);
});
