import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { selfSigned } from '../../../test/clients/self-signed.js';
import { parseConfig } from './config.js';

it('listens beside HTTP by itself, without TLS', () => {
  expect(parseConfig({}).grpc).toEqual({ host: '127.0.0.1', port: 7071, tls: undefined });
  expect(parseConfig({ SLUICE_HTTP_HOST: '0.0.0.0' }).grpc.host).toBe('0.0.0.0');
});

it('listens where it is told', () => {
  const settings = { SLUICE_HTTP_HOST: '0.0.0.0', SLUICE_GRPC_HOST: '::1', SLUICE_GRPC_PORT: '0' };
  expect(parseConfig(settings).grpc).toEqual({ host: '::1', port: 0, tls: undefined });
});

describe('files with a certificate and its key', () => {
  const { cert, key } = selfSigned();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-tls-'));
  const path = (name: string): string => join(folder, name);
  writeFileSync(path('cert.pem'), cert);
  writeFileSync(path('key.pem'), key);
  writeFileSync(path('other.pem'), selfSigned().key);
  afterAll(() => rmSync(folder, { recursive: true }));
  const parse = (certFile: string, keyFile: string) =>
    parseConfig({ SLUICE_GRPC_TLS_CERT: path(certFile), SLUICE_GRPC_TLS_KEY: path(keyFile) }).grpc.tls;

  it('are read with all settings, before anything is begun', () => {
    expect(parse('cert.pem', 'key.pem')).toEqual({ cert: Buffer.from(cert), key: Buffer.from(key) });
  });

  it.each([
    [
      'are not there',
      'a.pem',
      'b.pem',
      ['SLUICE_GRPC_TLS_CERT: cannot be read', 'SLUICE_GRPC_TLS_KEY: cannot be read'],
    ],
    ['are the same twice', 'cert.pem', 'cert.pem', ['SLUICE_GRPC_TLS_CERT: must be a certificate in PEM, and']],
    ['do not belong together', 'cert.pem', 'other.pem', ['SLUICE_GRPC_TLS_CERT: must be a certificate in PEM, and']],
  ])('are refused that %s', (_what, certFile, keyFile, sentences) => {
    for (const sentence of sentences) expect(() => parse(certFile, keyFile)).toThrow(sentence);
  });
});

it.each([
  [{ SLUICE_GRPC_TLS_CERT: '/tls/cert.pem' }, 'SLUICE_GRPC_TLS_KEY: must be set too, because SLUICE_GRPC_TLS_CERT is'],
  [{ SLUICE_GRPC_TLS_KEY: '/tls/key.pem' }, 'SLUICE_GRPC_TLS_CERT: must be set too, because SLUICE_GRPC_TLS_KEY is'],
  [{ SLUICE_GRPC_PORT: '65536' }, 'SLUICE_GRPC_PORT: '],
  [
    { SLUICE_FLAGD_TOKEN: `slu_admin_${'a'.repeat(40)}` },
    'SLUICE_FLAGD_TOKEN: must be a token of kind server or client',
  ],
])('refuses %j', (settings, sentence) => {
  expect(() => parseConfig(settings)).toThrow(sentence);
});

it('takes a token of a service for calls that show none', () => {
  const token = `slu_client_${'a'.repeat(43)}`;
  expect([parseConfig({}).flagd.token, parseConfig({ SLUICE_FLAGD_TOKEN: token }).flagd.token]).toEqual([
    undefined,
    token,
  ]);
});
