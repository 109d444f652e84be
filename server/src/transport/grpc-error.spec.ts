import { status } from '@grpc/grpc-js';
import { expect, it } from '@jest/globals';
import { type ErrorKind, limited, SluiceError } from '../kernel/errors.js';
import { toConnectError } from './connect-error.js';
import { toGrpcStatus } from './grpc-error.js';

it.each<[ErrorKind, string, keyof typeof status]>([
  ['invalid', 'ANYTHING', 'INVALID_ARGUMENT'],
  ['unauthenticated', 'ANYTHING', 'UNAUTHENTICATED'],
  ['forbidden', 'ANYTHING', 'PERMISSION_DENIED'],
  ['notFound', 'ANYTHING', 'NOT_FOUND'],
  ['conflict', 'ANYTHING', 'ABORTED'],
  ['precondition', 'ANYTHING', 'FAILED_PRECONDITION'],
  ['limited', 'ANYTHING', 'RESOURCE_EXHAUSTED'],
  ['unavailable', 'ANYTHING', 'UNAVAILABLE'],
  ['invalid', 'PARSE_ERROR', 'DATA_LOSS'],
])('%s with code %s is %s, by gRPC and by Connect', (kind, code, name) => {
  const error = new SluiceError(kind, code, 'Do this.');
  const told = toGrpcStatus(error, 'r-1');
  expect([told.code, told.details]).toEqual([status[name], 'Do this.']);
  expect(told.metadata.getMap()).toEqual({ 'x-request-id': 'r-1', 'sluice-code': code });
  const connect = toConnectError(error, 'r-1');
  expect([connect.code, connect.rawMessage]).toEqual([status[name], 'Do this.']);
  expect(Object.fromEntries(connect.metadata)).toEqual({ 'x-request-id': 'r-1', 'sluice-code': code });
});

it('tells clients that retry how long to wait', () => {
  const { metadata } = toGrpcStatus(limited('TOO_MANY', 'Wait.', { data: { retryAfterSeconds: 3 } }), 'r');
  expect(metadata.get('grpc-retry-pushback-ms')).toEqual(['3000']);
});

it('says of a bug only where its cause is told', () => {
  const { code, details } = toGrpcStatus(new Error('password hunter2'), 'r-2');
  expect([code, details]).toEqual([status.INTERNAL, expect.stringContaining('r-2')]);
  expect(details).not.toContain('hunter2');
});

it('cuts what is longer than clients take', () => {
  const { details } = toGrpcStatus(
    new SluiceError('notFound', 'FLAG_NOT_FOUND', `No flag ${'x'.repeat(100_000)}.`),
    'r',
  );
  expect(details).toMatch(/^No flag x+…$/u);
  expect(details).toHaveLength(1_000);
});
