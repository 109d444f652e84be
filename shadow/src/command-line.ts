import { parseArgs } from 'node:util';
import type { IdentitySource } from './identity.js';
import { VOLATILE_HEADERS } from './observed-answer.js';
import type { HostPolicy } from './request-head.js';
import { parseTemplate, type RouteTemplate } from './route.js';
import type { Address, RunSource, ShadowSettings } from './settings.js';

/** What was asked for; of settings that cannot be used, every problem at once. */
export type CommandLine =
  | { readonly kind: 'settings'; readonly settings: ShadowSettings }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

/** Options by name, with what the help says of them. Each but help and version may also come from the environment. */
const OPTIONS = {
  primary: ['URL', 'the service that answers callers'],
  candidate: ['URL', 'the service that is compared with it'],
  secondary: ['URL', "a second instance of the primary's version, to tell noise from difference"],
  run: ['KEY', 'the parallel run, as Sluice knows it'],
  listen: ['HOST:PORT', 'where callers reach the proxy'],
  admin: ['HOST:PORT', 'where /__sluice/health answers; default: nowhere'],
  url: ['URL', 'the control plane (SLUICE_URL)'],
  token: ['TOKEN', "the environment's server token (SLUICE_TOKEN)"],
  share: ['PERCENT', 'of requests that are copied, without a control plane; reports go to standard output'],
  methods: ['LIST', 'of requests that may be copied; default: GET,HEAD,OPTIONS'],
  'context-header': ['NAME', 'sampling is sticky by this header; default: by chance'],
  'context-cookie': ['NAME', 'sampling is sticky by this cookie'],
  'primary-version': ['TEXT', "of the primary's code"],
  'candidate-version': ['TEXT', "of the candidate's code"],
  deadline: ['MS', "how long a copy may take; default: the run's"],
  'max-body': ['BYTES', 'of a request that is copied and an answer that is compared; default: 1048576'],
  host: ['POLICY', 'preserve (default): services see the Host of the caller; target: their own'],
  'ignore-headers': ['LIST', `of answers, never compared; default: ${VOLATILE_HEADERS.join(',')}`],
  routes: ['LIST', 'templates such as /orders/:id, by which coverage is counted; default: guessed'],
  drain: ['MS', 'how long requests under way may take at the end; default: 10000'],
} as const;

type OptionName = keyof typeof OPTIONS;

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const RUN_KEY = /^[\w.:-]{1,200}$/;
const TEXT_LIMIT = 200;
const FULL_SHARE = 100_000;

/** The help, for people. */
export function helpText(): string {
  const lines = Object.entries(OPTIONS).map(([name, [value, says]]) => `  ${`--${name} ${value}`.padEnd(28)}${says}`);
  return [
    'sluice-shadow forwards HTTP requests to a primary, copies a share of them to a candidate, and compares the answers.',
    '',
    'Usage: sluice-shadow --primary URL --candidate URL --run KEY --listen HOST:PORT [options]',
    '',
    ...lines,
    `  ${'--version'.padEnd(28)}tells its version`,
    `  ${'--help'.padEnd(28)}tells this`,
    '',
    'Each may be given as SLUICE_SHADOW_<NAME> instead: SLUICE_SHADOW_CONTEXT_HEADER=x-user-id.',
  ].join('\n');
}

/** Reads what was typed and the environment. */
export function parseCommandLine(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CommandLine {
  const { given, problems, isHelp, isVersion } = readWords(words);
  if (isHelp) return { kind: 'help' };
  if (isVersion) return { kind: 'version' };
  const textOf = (name: OptionName): string | undefined => given.get(name) ?? (env[envName(name)] || undefined);
  const reader = new Reader(textOf, problems);
  const settings = readSettings(reader, env);
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'settings', settings };
}

function readSettings(read: Reader, env: Readonly<Record<string, string | undefined>>): ShadowSettings {
  return {
    primary: read.required('primary', parseUrl, NOWHERE),
    candidate: read.required('candidate', parseUrl, NOWHERE),
    secondary: read.optional('secondary', parseUrl),
    run: read.required('run', matching(RUN_KEY, 'the key of a parallel run: letters, digits and _.:-'), ''),
    listen: read.required('listen', parseAddress, { host: '', port: 0 }),
    admin: read.optional('admin', parseAddress),
    source: readSource(read, env),
    methods: new Set(read.optional('methods', parseMethods) ?? ['GET', 'HEAD', 'OPTIONS']),
    identity: readIdentity(read),
    primaryVersion: read.optional('primary-version', parseText),
    candidateVersion: read.optional('candidate-version', parseText),
    deadlineMs: read.optional('deadline', wholeFrom(1)),
    maxBodyBytes: read.optional('max-body', wholeFrom(0)) ?? 1_048_576,
    hostPolicy: read.optional('host', parsePolicy) ?? 'preserve',
    ignoredHeaders: new Set(read.optional('ignore-headers', parseHeaders) ?? VOLATILE_HEADERS),
    routes: read.optional('routes', parseRoutes) ?? [],
    drainMs: read.optional('drain', wholeFrom(0)) ?? 10_000,
  };
}

const NOWHERE = new URL('http://nowhere.invalid');

/** Parses one option's text, or throws a sentence's end: what to give. */
type Parse<T> = (text: string) => T;

/** Reads options one by one, and gathers what is wrong with them. */
class Reader {
  constructor(
    readonly textOf: (name: OptionName) => string | undefined,
    readonly problems: string[],
  ) {}

  required<T>(name: OptionName, parse: Parse<T>, otherwise: T): T {
    if (this.textOf(name) !== undefined) return this.optional(name, parse) ?? otherwise;
    this.problems.push(`Give --${name} ${OPTIONS[name][0]}: ${OPTIONS[name][1]}.`);
    return otherwise;
  }

  optional<T>(name: OptionName, parse: Parse<T>): T | undefined {
    const text = this.textOf(name);
    if (text === undefined) return undefined;
    try {
      return parse(text);
    } catch (thrown) {
      this.problems.push(`--${name} '${text}': give ${thrown instanceof Error ? thrown.message : String(thrown)}.`);
      return undefined;
    }
  }
}

function readWords(words: readonly string[]): {
  readonly given: ReadonlyMap<string, string>;
  readonly problems: string[];
  readonly isHelp: boolean;
  readonly isVersion: boolean;
} {
  const options = Object.fromEntries(Object.keys(OPTIONS).map((name) => [name, { type: 'string' as const }]));
  const flags = { help: { type: 'boolean' as const, short: 'h' }, version: { type: 'boolean' as const } };
  const { tokens } = parseArgs({ args: [...words], options: { ...options, ...flags }, strict: false, tokens: true });
  const given = new Map<string, string>();
  const problems: string[] = [];
  const asked = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`'${token.value}' belongs to no option: see --help.`);
    if (token.kind !== 'option') continue;
    if (Object.hasOwn(flags, token.name)) asked.add(token.name);
    else if (!Object.hasOwn(OPTIONS, token.name)) problems.push(`There is no option ${token.rawName}: see --help.`);
    else if (token.value === undefined || token.value === '')
      problems.push(`Give ${token.rawName} a value: see --help.`);
    else given.set(token.name, token.value);
  }
  return { given, problems, isHelp: asked.has('help'), isVersion: asked.has('version') };
}

function envName(name: OptionName): string {
  return `SLUICE_SHADOW_${name.toUpperCase().replaceAll('-', '_')}`;
}

function readSource(read: Reader, env: Readonly<Record<string, string | undefined>>): RunSource {
  const share = read.optional('share', parseShare);
  const url = read.textOf('url') ?? (env['SLUICE_URL'] || undefined);
  const token = read.textOf('token') ?? (env['SLUICE_TOKEN'] || undefined);
  if (read.textOf('share') !== undefined) {
    if (read.textOf('url') !== undefined || read.textOf('token') !== undefined) {
      read.problems.push('Give either --share or --url with --token: with a control plane, the run says its share.');
    }
    return { kind: 'local', share: share ?? 0 };
  }
  if (url === undefined || token === undefined) {
    read.problems.push('Give --url and --token of the control plane, or --share PERCENT to do without one.');
  } else if (!isHttpUrl(url)) {
    read.problems.push(`--url '${url}': give an http or https address.`);
  }
  return { kind: 'controlPlane', url: url ?? '', token: token ?? '' };
}

function readIdentity(read: Reader): IdentitySource | undefined {
  const parseName = matching(TOKEN, 'a name');
  const header = read.optional('context-header', parseName);
  const cookie = read.optional('context-cookie', parseName);
  if (header !== undefined && cookie !== undefined) {
    read.problems.push('Give either --context-header or --context-cookie.');
  }
  if (header !== undefined) return { kind: 'header', name: header.toLowerCase() };
  return cookie === undefined ? undefined : { kind: 'cookie', name: cookie };
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

function parseUrl(text: string): URL {
  const url = isHttpUrl(text) ? new URL(text) : undefined;
  if (url === undefined) throw new Error('an http or https address, such as http://127.0.0.1:8080');
  if (url.username || url.password || url.search || url.hash) {
    throw new Error('an address without user, password, query and fragment');
  }
  return url;
}

function parseAddress(text: string): Address {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:\s]*)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) throw new Error('host and port, such as 127.0.0.1:8080 or [::1]:8080');
  return { host: match[1] ?? (match[2] || '127.0.0.1'), port };
}

function parseShare(text: string): number {
  const percent = Number(text.replace(/\s*%$/, ''));
  if (text.trim() !== '' && percent >= 0 && percent <= 100) return Math.round((percent / 100) * FULL_SHARE);
  throw new Error('a percentage from 0 to 100, such as 2.5');
}

function parseMethods(text: string): readonly string[] {
  return listOf(text, TOKEN, 'methods, such as GET,HEAD,POST').map((each) => each.toUpperCase());
}

function parseHeaders(text: string): readonly string[] {
  return text === 'none'
    ? []
    : listOf(text, TOKEN, 'names, such as date,age, or none').map((each) => each.toLowerCase());
}

function parseRoutes(text: string): readonly RouteTemplate[] {
  return text.split(',').map((each) => {
    const template = parseTemplate(each.trim());
    if (template === undefined) throw new Error('templates, such as /orders/:id,/carts/:id/items');
    return template;
  });
}

function parsePolicy(text: string): HostPolicy {
  if (text === 'preserve' || text === 'target') return text;
  throw new Error('preserve or target');
}

function parseText(text: string): string {
  if (text.length <= TEXT_LIMIT) return text;
  throw new Error(`at most ${TEXT_LIMIT} characters`);
}

function wholeFrom(least: number): Parse<number> {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value < 2 ** 31) return value;
    throw new Error(`a whole number, at least ${least}`);
  };
}

function matching(pattern: RegExp, what: string): Parse<string> {
  return (text) => {
    if (pattern.test(text)) return text;
    throw new Error(what);
  };
}

function listOf(text: string, pattern: RegExp, what: string): readonly string[] {
  const items = text.split(',').map((each) => each.trim());
  if (items.every((each) => pattern.test(each))) return items;
  throw new Error(what);
}
