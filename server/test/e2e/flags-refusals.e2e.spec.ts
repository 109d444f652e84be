import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;
const BASE = '/api/v1/projects/shop';
const FLAG = `${BASE}/flags/f`;
const SETTINGS = `${FLAG}/environments/production`;
const SEGMENT = `${BASE}/segments/s`;

let server: TestServer;
/** All that anyone could see of the project. */
const whole = async (): Promise<unknown> => {
  const paths = ['/flags', '/segments', '/environments'];
  const answers = await Promise.all(paths.map((path) => server.api('GET', BASE + path)));
  const audit = await server.api('GET', '/api/v1/audit?limit=1');
  return [...answers, audit].map(({ body }): unknown => body);
};

beforeAll(async () => {
  server = await startTestServer();
  const { api } = server;
  const rest = { included: ['u1'], rules: [] };
  const made: readonly Answer[] = [
    await api('POST', '/api/v1/projects', { key: 'shop' }),
    await api('POST', `${BASE}/flags`, {
      key: 'f',
      type: 'json',
      variations: [
        { key: 'a', value: {} },
        { key: 'b', value: [] },
      ],
    }),
    await api('POST', `${BASE}/segments`, { key: 's', ...rest }),
    await api('PATCH', SETTINGS, { on: true }),
  ];
  expect(made.map(({ status }) => status)).toEqual([201, 201, 201, 200]);
}, START_TIMEOUT_MS);
afterAll(() => server.close(), START_TIMEOUT_MS);

const serve = (value: unknown) => ({ defaultServe: value });
const rule = (clause: unknown) => ({ rules: [{ clauses: [clause], serve: { variation: 'a' } }] });
const values = (operator: string, ...list: readonly unknown[]) => rule({ attribute: 'x', operator, values: list });
const draft = (fields: object) => ({ key: 'new', type: 'json', variations: [{ key: 'a', value: {} }], ...fields });
const raw = (text: string) => Buffer.from(text, 'latin1');
const nested = (depth: number) =>
  `{"key":"new","type":"json","variations":[{"key":"a","value":${'['.repeat(depth)}${']'.repeat(depth)}}]}`;

describe('A refused request stores nothing', () => {
  it.each<[string, string, string, unknown]>([
    ['no body', 'POST', `${BASE}/flags`, undefined],
    ['null', 'POST', `${BASE}/flags`, null],
    ['a number', 'POST', `${BASE}/flags`, 5],
    ['a list', 'POST', `${BASE}/flags`, []],
    ['half of JSON', 'POST', `${BASE}/flags`, '{"key":'],
    ['NaN', 'POST', `${BASE}/flags`, '{"key":"new","type":"number","variations":[{"key":"a","value":NaN}]}'],
    ['1e999', 'POST', `${BASE}/flags`, '{"key":"new","type":"number","variations":[{"key":"a","value":1e999}]}'],
    [
      '1e999 inside of JSON',
      'POST',
      `${BASE}/flags`,
      '{"key":"new","type":"json","variations":[{"key":"a","value":[1e999]}]}',
    ],
    ['1e999 as metadata', 'PATCH', FLAG, '{"metadata":{"a":1e999}}'],
    ['JSON 70 levels deep', 'POST', `${BASE}/flags`, nested(70)],
    ['JSON 100 000 levels deep', 'POST', `${BASE}/flags`, nested(100_000)],
    ['10 MB', 'POST', `${BASE}/flags`, draft({ description: 'x'.repeat(10_000_000) })],
    ['NUL', 'POST', `${BASE}/flags`, draft({ name: 'a\0b' })],
    [
      'NUL inside of JSON',
      'PATCH',
      FLAG,
      {
        variations: [
          { key: 'a', value: ['\0'] },
          { key: 'b', value: [] },
        ],
      },
    ],
    ['text that is no UTF-8', 'POST', `${BASE}/flags`, raw('{"key":"new","type":"boolean","name":"\xff\xfe"}')],
    ['half of a surrogate pair as a name', 'POST', `${BASE}/flags`, '{"key":"new","type":"boolean","name":"\\ud800"}'],
    ['half of a surrogate pair as a key', 'POST', `${BASE}/flags`, '{"key":"\\ud800","type":"boolean"}'],
    [
      'half of a surrogate pair inside of JSON',
      'POST',
      `${BASE}/flags`,
      '{"key":"new","type":"json","variations":[{"key":"a","value":{"x":["\\udc00\\ud800"]}}]}',
    ],
    [
      'half of a surrogate pair as a key inside of JSON',
      'POST',
      `${BASE}/flags`,
      '{"key":"new","type":"json","variations":[{"key":"a","value":{"\\ud800":1}}]}',
    ],
    ['half of a surrogate pair as metadata', 'PATCH', FLAG, '{"metadata":{"a":"\\ud800"}}'],
    ['half of a surrogate pair as a tag', 'PATCH', FLAG, '{"tags":["\\udfff"]}'],
    [
      'half of a surrogate pair as an attribute',
      'PATCH',
      SETTINGS,
      '{"rules":[{"clauses":[{"attribute":"\\ud800","operator":"exists"}],"serve":{"variation":"a"}}]}',
    ],
    [
      'half of a surrogate pair as a value',
      'PATCH',
      SETTINGS,
      '{"rules":[{"clauses":[{"attribute":"x","operator":"in","values":["\\ud800"]}],"serve":{"variation":"a"}}]}',
    ],
    ['half of a surrogate pair as a target', 'PATCH', SETTINGS, '{"targets":[{"variation":"a","values":["\\ud800"]}]}'],
    [
      'half of a surrogate pair as a seed',
      'PATCH',
      SETTINGS,
      '{"defaultServe":{"split":{"seed":"\\ud800","shares":[{"variation":"a","share":100000}]}}}',
    ],
    ['half of a surrogate pair as a member', 'PATCH', SEGMENT, '{"included":["\\ud800"]}'],
    ['half of a surrogate pair in an unknown field', 'PATCH', SETTINGS, '{"\\ud800":1}'],
    ['__proto__', 'POST', `${BASE}/flags`, '{"key":"new","type":"boolean","__proto__":{"x":1}}'],
    [
      '__proto__ inside of JSON',
      'POST',
      `${BASE}/flags`,
      '{"key":"new","type":"json","variations":[{"key":"a","value":{"__proto__":{"x":1}}}]}',
    ],
    ['__proto__ as metadata', 'PATCH', FLAG, '{"metadata":{"__proto__":1}}'],
    [
      'a prototype by its constructor',
      'POST',
      `${BASE}/flags`,
      '{"key":"new","type":"boolean","constructor":{"prototype":{"x":1}}}',
    ],
    ['constructor as a field', 'PATCH', SETTINGS, { constructor: 1 }],
    ['__proto__ as a variation', 'POST', `${BASE}/flags`, draft({ variations: [{ key: '__proto__', value: {} }] })],
    ['an empty key', 'POST', `${BASE}/flags`, draft({ key: '' })],
    ['a key of 129 characters', 'POST', `${BASE}/flags`, draft({ key: 'x'.repeat(129) })],
    ['a key with a space', 'POST', `${BASE}/flags`, draft({ key: 'a b' })],
    ['a key that ends the line', 'POST', `${BASE}/flags`, draft({ key: 'a\n' })],
    ['a type nobody knows', 'POST', `${BASE}/flags`, draft({ type: 'xml' })],
    ['a field nobody knows', 'POST', `${BASE}/flags`, draft({ enabled: true })],
    ['an empty name', 'PATCH', FLAG, { name: '' }],
    ['a name of spaces', 'PATCH', FLAG, { name: '   ' }],
    ['a number as a name', 'PATCH', FLAG, { name: 1 }],
    ['a list of wrong things as tags', 'PATCH', FLAG, { tags: [1, null, {}, ['a']] }],
    ['an object as tags', 'PATCH', FLAG, { tags: { 0: 'a' } }],
    ['a purpose nobody knows', 'PATCH', FLAG, { purpose: 'fun' }],
    ['the year 0', 'PATCH', FLAG, { dueAt: '0000-01-01T00:00:00Z' }],
    ['the 31st of June', 'PATCH', FLAG, { dueAt: '2026-06-31T00:00:00Z' }],
    ['a date in epoch time', 'PATCH', FLAG, { dueAt: 1767225600000 }],
    ['a new key', 'PATCH', FLAG, { key: 'g' }],
    ['a new type', 'PATCH', FLAG, { type: 'boolean' }],
    [
      'a value of another type',
      'PATCH',
      FLAG,
      {
        variations: [
          { key: 'a', value: 1 },
          { key: 'b', value: [] },
        ],
      },
    ],
    ['no variation', 'PATCH', FLAG, { variations: [] }],
    ['a variation that is served left out', 'PATCH', FLAG, { variations: [{ key: 'b', value: [] }] }],
    ['metadata in metadata', 'PATCH', FLAG, { metadata: { a: { b: 1 } } }],
    [
      '200 000 unknown fields',
      'PATCH',
      FLAG,
      `{${Array.from({ length: 200_000 }, (_, i) => `"${i.toString(36)}":1`).join()}}`,
    ],
    ['an empty body', 'PATCH', SETTINGS, ''],
    ['on as text', 'PATCH', SETTINGS, { on: 'false' }],
    ['on as null', 'PATCH', SETTINGS, { on: null }],
    ['on twice, the other way in capitals', 'PATCH', SETTINGS, { on: false, On: true }],
    ['a version', 'PATCH', SETTINGS, { version: 9 }],
    ['settings that lack fields', 'PUT', SETTINGS, { on: true }],
    ['a default of nothing', 'PATCH', SETTINGS, serve({})],
    [
      'a default of both kinds',
      'PATCH',
      SETTINGS,
      serve({ variation: 'a', split: { shares: [{ variation: 'a', share: 100_000 }] } }),
    ],
    ['an unknown variation', 'PATCH', SETTINGS, serve({ variation: 'z' })],
    ['the variation toString', 'PATCH', SETTINGS, serve({ variation: 'toString' })],
    ['shares of 99 999', 'PATCH', SETTINGS, serve({ split: { shares: [{ variation: 'a', share: 99_999 }] } })],
    [
      'shares below nothing',
      'PATCH',
      SETTINGS,
      serve({
        split: {
          shares: [
            { variation: 'a', share: -1 },
            { variation: 'b', share: 100_001 },
          ],
        },
      }),
    ],
    [
      'a share of a fraction',
      'PATCH',
      SETTINGS,
      serve({
        split: {
          shares: [
            { variation: 'a', share: 99_999.5 },
            { variation: 'b', share: 0.5 },
          ],
        },
      }),
    ],
    ['a share of 1e999', 'PATCH', SETTINGS, '{"defaultServe":{"split":{"shares":[{"variation":"a","share":1e999}]}}}'],
    [
      'a bucketBy that is no pointer',
      'PATCH',
      SETTINGS,
      serve({ split: { bucketBy: '/~', shares: [{ variation: 'a', share: 100_000 }] } }),
    ],
    ['an unknown operator', 'PATCH', SETTINGS, values('isCool', 1)],
    ['the operator __proto__', 'PATCH', SETTINGS, values('__proto__', 1)],
    ['objects as values', 'PATCH', SETTINGS, values('in', {}, [], null)],
    ['a pattern that back-tracks', 'PATCH', SETTINGS, values('matches', '(a+)+$')],
    ['a pattern that is none', 'PATCH', SETTINGS, values('matches', '(')],
    ['a version range that is none', 'PATCH', SETTINGS, values('semver', 'latest')],
    ['a block that is none', 'PATCH', SETTINGS, values('cidr', '10.0.0.0/99')],
    ['a segment nobody made', 'PATCH', SETTINGS, rule({ operator: 'inSegment', values: ['nobody'] })],
    ['a flag nobody made', 'PATCH', SETTINGS, { prerequisites: [{ flag: 'nobody', variations: ['on'] }] }],
    ['itself as a prerequisite', 'PATCH', SETTINGS, { prerequisites: [{ flag: 'f', variations: ['a'] }] }],
    ['a target of nobody', 'PATCH', SETTINGS, { targets: [{ variation: 'a', values: [''] }] }],
    ['a target of 501 characters', 'PATCH', SETTINGS, { targets: [{ variation: 'a', values: ['x'.repeat(501)] }] }],
    [
      '200 000 times the same target',
      'PATCH',
      SETTINGS,
      {
        targets: Array.from({ length: 4 }, () => ({
          variation: 'a',
          values: Array.from({ length: 50_000 }, () => 'a'),
        })),
      },
    ],
    ['a segment of an empty key', 'POST', `${BASE}/segments`, { key: '' }],
    ['a segment in capitals', 'POST', `${BASE}/segments`, { key: 'Beta' }],
    ['a segment of itself', 'PATCH', SEGMENT, { rules: [{ clauses: [{ operator: 'inSegment', values: ['s'] }] }] }],
    ['members twice', 'PATCH', SEGMENT, { included: ['a', 'a'] }],
    ['a million wrong members', 'PATCH', SEGMENT, { included: Array.from({ length: 900_000 }, () => 1) }],
    ['null as rules', 'PATCH', SEGMENT, { rules: null }],
  ])('%s (%s %s)', async (_name, method, path, body) => {
    const before = await whole();
    const answer = await server.api(method, path, body, {
      'if-match': method === 'POST' ? '' : '*',
      'content-type': 'application/json',
    });
    expect([400, 413]).toContain(answer.status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/u);
    expect(answer.body).toMatchObject({ detail: expect.stringMatching(/\w/u), code: expect.any(String) });
    expect(await whole()).toEqual(before);
  });
});
