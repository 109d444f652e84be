import { expect, it } from '@jest/globals';
import { parseConfig } from './config.js';

it('listens beside HTTP by itself, without TLS', () => {
  expect(parseConfig({}).grpc).toEqual({ host: '127.0.0.1', port: 7071, tls: undefined });
  expect(parseConfig({ SLUICE_HTTP_HOST: '0.0.0.0' }).grpc.host).toBe('0.0.0.0');
});

it('listens where it is told', () => {
  const settings = { SLUICE_HTTP_HOST: '0.0.0.0', SLUICE_GRPC_HOST: '::1', SLUICE_GRPC_PORT: '0' };
  const tls = { SLUICE_GRPC_TLS_CERT: '/tls/cert.pem', SLUICE_GRPC_TLS_KEY: '/tls/key.pem' };
  expect(parseConfig({ ...settings, ...tls }).grpc).toEqual({
    host: '::1',
    port: 0,
    tls: { certPath: '/tls/cert.pem', keyPath: '/tls/key.pem' },
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
