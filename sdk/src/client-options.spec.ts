import { expect, it } from '@jest/globals';
import { type ClientOptions, parseOptions } from './client-options.js';

const usable = { url: 'https://sluice.example.com/', token: 'slu_server_x' };
const parse = (options: ClientOptions, env: NodeJS.ProcessEnv = {}) => parseOptions(options, env, 'linux');

it('completes the options', () => {
  expect(parse(usable)).toMatchObject({
    url: 'https://sluice.example.com',
    token: 'slu_server_x',
    initTimeoutMs: 5_000,
    pollIntervalMs: 15_000,
    telemetryIntervalMs: 10_000,
    staleAfterMs: 60_000,
    streaming: true,
  });
});

it('takes address and token from the environment, below the options', () => {
  const env = { SLUICE_URL: 'http://localhost:7070/base/', SLUICE_TOKEN: ' slu_server_env\n' };
  expect(parse({}, env)).toMatchObject({ url: 'http://localhost:7070/base', token: 'slu_server_env' });
  expect(parse(usable, env)).toMatchObject({ token: 'slu_server_x' });
});

it('takes the service from the environment, below the options', () => {
  const env = { SLUICE_SERVICE: 'checkout', SLUICE_SERVICE_VERSION: 'v2' };
  expect(parse(usable, env).service).toEqual({ key: 'checkout', version: 'v2' });
  expect(parse(usable, { SLUICE_SERVICE: 'checkout' }).service).toEqual({ key: 'checkout' });
  expect(parse({ ...usable, service: { key: 'cart' } }, env).service).toEqual({ key: 'cart' });
  expect(parse(usable, { SLUICE_SERVICE_VERSION: 'v2' }).service).toBeUndefined();
});

it('keeps no copy on disk when told so', () => expect(parse({ ...usable, cacheDir: false }).cacheDir).toBeUndefined());

it('does not call a client stale between two polls', () => {
  expect(parse({ ...usable, streaming: false, pollIntervalMs: 60_000 }).staleAfterMs).toBe(180_000);
});

it.each<[string, ClientOptions, RegExp]>([
  ['no address', { token: 'x' }, /SLUICE_URL/],
  ['no token', { url: 'http://x' }, /SLUICE_TOKEN/],
  ['an address of another scheme', { ...usable, url: 'ftp://x' }, /not an http or https address/],
  ['an address that is none', { ...usable, url: 'localhost' }, /not an http or https address/],
  ['a password in the address', { ...usable, url: 'http://u:p@x' }, /Take the user and password out/],
  ['a token that cannot be sent', { ...usable, token: 'slu_\u2026' }, /copy it once more/],
  ['an interval that is no number', { ...usable, pollIntervalMs: Number.NaN }, /pollIntervalMs in milliseconds/],
  ['a service without a key', { ...usable, service: { key: '' } }, /SLUICE_SERVICE/],
  ['an endless version', { ...usable, service: { key: 's', version: 'v'.repeat(201) } }, /SLUICE_SERVICE_VERSION/],
  ['an endless timeout', { ...usable, initTimeoutMs: Number.POSITIVE_INFINITY }, /initTimeoutMs/],
])('refuses %s', (_name, options, expected) => expect(() => parse(options)).toThrow(expected));

it('names all problems at once and shows no secret', () => {
  const options = { url: 'http://u:hunter2@x', token: 'slu_server_s\u2026cret', initTimeoutMs: 0 };
  expect(() => parse(options)).toThrow(/^Sluice cannot start: (?!.*(hunter2|cret)).*url.*token.*initTimeoutMs/);
});
