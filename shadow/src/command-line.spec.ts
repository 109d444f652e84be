import { expect, it } from '@jest/globals';
import { helpText, parseCommandLine } from './command-line.js';
import { VOLATILE_HEADERS } from './observed-answer.js';

const NEEDED = ['--primary', 'http://p:1/base', '--candidate', 'https://c', '--run', 'orders', '--listen', ':8080'];
const parse = (words: readonly string[], env: Record<string, string> = {}) => parseCommandLine(words, env);
const problemsOf = (words: readonly string[], env: Record<string, string> = {}): readonly string[] => {
  const command = parse(words, env);
  return command.kind === 'problems' ? command.problems : [];
};

it('takes what is needed, and defaults for the rest', () => {
  expect(parse([...NEEDED, '--share', '2.5'])).toEqual({
    kind: 'settings',
    settings: {
      primary: new URL('http://p:1/base'),
      candidate: new URL('https://c'),
      secondary: undefined,
      run: 'orders',
      listen: { host: '127.0.0.1', port: 8080 },
      admin: undefined,
      source: { kind: 'local', share: 2_500 },
      methods: new Set(['GET', 'HEAD', 'OPTIONS']),
      identity: undefined,
      primaryVersion: undefined,
      candidateVersion: undefined,
      deadlineMs: undefined,
      maxBodyBytes: 1_048_576,
      hostPolicy: 'preserve',
      ignoredHeaders: new Set(VOLATILE_HEADERS),
      routes: [],
      drainMs: 10_000,
    },
  });
});

it('takes every option, from the environment as well; what is typed goes first', () => {
  const env = {
    ...{ SLUICE_URL: 'https://sluice.example', SLUICE_TOKEN: 'slu_server_1', SLUICE_SHADOW_RUN: 'other' },
    ...{ SLUICE_SHADOW_CONTEXT_HEADER: 'X-User-Id', SLUICE_SHADOW_ADMIN: '[::1]:9', SLUICE_SHADOW_HOST: 'target' },
  };
  const words = ['--methods', 'get, post', '--ignore-headers', 'none', '--routes', '/a/:id,/b', '--deadline=250'];
  const more = ['--max-body', '10', '--drain', '0', '--secondary', 'http://p2', '--primary-version', 'v1'];
  expect(parse([...NEEDED, ...words, ...more, '--candidate-version', 'v2'], env)).toMatchObject({
    kind: 'settings',
    settings: {
      run: 'orders',
      secondary: new URL('http://p2'),
      source: { kind: 'controlPlane', url: 'https://sluice.example', token: 'slu_server_1' },
      admin: { host: '::1', port: 9 },
      methods: new Set(['GET', 'POST']),
      identity: { kind: 'header', name: 'x-user-id' },
      ...{ primaryVersion: 'v1', candidateVersion: 'v2', deadlineMs: 250, maxBodyBytes: 10, drainMs: 0 },
      hostPolicy: 'target',
      ignoredHeaders: new Set(),
      routes: [['a', ':id'], ['b']],
    },
  });
  expect(parse([...NEEDED, '--share', '1', '--context-cookie', 'sid'])).toMatchObject({
    settings: { identity: { kind: 'cookie', name: 'sid' } },
  });
});

it('tells all that is wrong at once', () => {
  const words = ['--primary', 'ftp://x', '--run', 'a b', '--port', '1', '--deadline', '0', 'stray', '--methods'];
  expect(problemsOf(words)).toEqual([
    expect.stringContaining('There is no option --port'),
    expect.stringContaining("'1' belongs to no option"),
    expect.stringContaining("'stray' belongs to no option"),
    expect.stringContaining('Give --methods a value'),
    expect.stringContaining("--primary 'ftp://x': give an http or https address"),
    expect.stringContaining('Give --candidate URL'),
    expect.stringContaining("--run 'a b'"),
    expect.stringContaining('Give --listen HOST:PORT'),
    expect.stringContaining('Give --url and --token of the control plane, or --share PERCENT'),
    expect.stringContaining("--deadline '0': give a whole number, at least 1"),
  ]);
});

it.each<[string, readonly string[]]>([
  ['--share', ['--share', '101']],
  ['--drain', ['--share', '1', '--drain', '']],
  ['either --share or --url', ['--share', '1', '--url', 'http://x', '--token', 't']],
  ['--url', ['--url', 'sluice', '--token', 't']],
  ['either --context-header or --context-cookie', ['--share', '1', '--context-header', 'a', '--context-cookie', 'b']],
  ['--listen', ['--share', '1', '--listen', '127.0.0.1:70000']],
  ['without user, password', ['--share', '1', '--secondary', 'http://a:b@c']],
  ['--routes', ['--share', '1', '--routes', 'orders']],
  ['--host', ['--share', '1', '--host', 'mine']],
  ['--max-body', ['--share', '1', '--max-body', '1MB']],
  ['--candidate-version', ['--share', '1', '--candidate-version', 'v'.repeat(201)]],
])('says what to give for %s: %j', (about, words) => {
  const problems = problemsOf([...NEEDED, ...words]);
  expect(problems).toEqual([expect.stringContaining(about)]);
  for (const problem of problems) expect(problem).toMatch(/\.$/);
});

it('takes no option for the value of another', () => {
  expect(problemsOf([...NEEDED, '--share', '--deadline', '5'])).not.toEqual([]);
});

it('tells help and its version whatever else was typed', () => {
  expect([parse(['--help', '--x']).kind, parse(['-h']).kind, parse(['--version']).kind]).toEqual([
    'help',
    'help',
    'version',
  ]);
  for (const name of VOLATILE_HEADERS) expect(helpText()).toContain(name);
});
