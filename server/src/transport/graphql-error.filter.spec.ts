import { expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { buildSchema, graphqlSync } from 'graphql';
import { notFound } from '../kernel/errors.js';
import { formatGraphqlErrors, type GraphqlRequest } from './graphql-error.filter.js';

// Bugs are logged; those here are meant.
Logger.overrideLogger(false);

const schema = buildSchema('type Query { it(n: Int! = 1): Int, always: Int! }');
// The formatter looks at nothing else of a request.
const request = { id: 'r1', graphqlMedia: 'application/json' } as FastifyRequest & GraphqlRequest;
const answer = (source: string, rootValue: object, variableValues = {}) =>
  formatGraphqlErrors(graphqlSync({ schema, source, rootValue, variableValues }), { request });
const throwing = (error: unknown) => ({
  it: () => {
    throw error;
  },
});
const BUG = {
  message: expect.not.stringContaining('secret'),
  extensions: { code: 'INTERNAL', kind: 'internal', status: 500, requestId: 'r1' },
};

it('tells what was thrown on purpose, at its place', () => {
  const { statusCode, response } = answer(
    '{ it }',
    throwing(notFound('IT_NOT_FOUND', 'There is no it.', { data: { at: 7 } })),
  );
  expect(statusCode).toBe(200);
  expect(response).toEqual({
    data: { it: null },
    errors: [
      {
        message: 'There is no it.',
        locations: [{ line: 1, column: 3 }],
        path: ['it'],
        extensions: { code: 'IT_NOT_FOUND', kind: 'notFound', status: 404, requestId: 'r1', at: 7 },
      },
    ],
  });
});

it.each<[string, string, object]>([
  ['an error of nobody’s', '{ it }', throwing(new Error('secret'))],
  ['what is no error', '{ it }', throwing('secret')],
  ['a value that its type has not', '{ it }', { it: 'secret' }],
  ['nothing where there must be something', '{ always }', { always: null }],
])('tells nothing of a bug: %s', (_name, source, rootValue) => {
  expect(answer(source, rootValue).response.errors).toMatchObject([BUG]);
});

it.each<[string, string, string]>([
  ['a syntax error', '{', 'QUERY_MALFORMED'],
  ['an unknown field', '{ other }', 'QUERY_INVALID'],
  ['a variable that is missing', 'query($n: Int!) { it(n: $n) }', 'QUERY_INVALID'],
  ['a literal of another type', '{ it(n: "7") }', 'QUERY_INVALID'],
])('tells the caller of %s', (_name, source, code) => {
  const { response } = answer(source, { it: 1 });
  expect(response.errors).toMatchObject([
    { message: expect.stringMatching(/^[A-Z].*\.$/u), extensions: { code, kind: 'invalid', status: 400 } },
  ]);
  expect(response).not.toHaveProperty('data');
});

it('tells the caller of an argument that turns out null', () => {
  const { response } = answer('query($n: Int) { it(n: $n) }', { it: 1 }, { n: null });
  expect(response.errors).toMatchObject([{ path: ['it'], extensions: { code: 'QUERY_INVALID', kind: 'invalid' } }]);
});
