import { hostname } from 'node:os';
import type { ClientListeners } from './events.js';
import { defaultCacheDir } from './delivery/snapshot-cache-file.js';
import { isReportableName } from './telemetry/reportable-name.js';
import { consoleLogger, guardLogger, type Logger } from './logger.js';

export interface ClientOptions {
  /** The control plane, `https://sluice.example.com`. Default: SLUICE_URL. */
  readonly url?: string | undefined;
  /** One environment's server token, `slu_server_…`. Default: SLUICE_TOKEN. */
  readonly token?: string | undefined;
  /** Who this is, for people: shown where a release lists its laggards. Default: the host name. */
  readonly instanceName?: string | undefined;
  /**
   * Which service this is an instance of, and in which version, as Sluice knows them. Default: SLUICE_SERVICE and
   * SLUICE_SERVICE_VERSION.
   */
  readonly service?: { readonly key: string; readonly version?: string | undefined } | undefined;
  /** The longest `createClient` may take, milliseconds. Default 5 000. */
  readonly initTimeoutMs?: number | undefined;
  /**
   * Where the last good snapshot is kept, so that a restart while the control plane is away changes no value.
   * Default: the user's cache directory (`$XDG_CACHE_HOME/sluice`, `~/.cache/sluice`); false keeps none.
   */
  readonly cacheDir?: string | false | undefined;
  /** False polls instead of streaming. Default true. */
  readonly streaming?: boolean | undefined;
  /** Interval of polling, used where streams are blocked or not wanted, milliseconds. Default 15 000. */
  readonly pollIntervalMs?: number | undefined;
  /** After so long without a word from the control plane the state is `stale`, milliseconds. Default 60 000. */
  readonly staleAfterMs?: number | undefined;
  /** Interval of the sums sent to the control plane, milliseconds. Default 10 000. */
  readonly telemetryIntervalMs?: number | undefined;
  /** Used instead of the platform's, for a proxy agent, say. */
  readonly fetch?: typeof fetch | undefined;
  /** Default: warnings and errors on the console. */
  readonly logger?: Logger | undefined;
  /** Listeners that also hear what happens before `createClient` resolves; others are added with `client.on`. */
  readonly listeners?: ClientListeners | undefined;
}

/** Options, checked and complete. */
export interface ClientSettings {
  readonly url: string;
  readonly token: string;
  readonly instanceName: string;
  readonly service: { readonly key: string; readonly version?: string } | undefined;
  readonly initTimeoutMs: number;
  readonly cacheDir: string | undefined;
  readonly streaming: boolean;
  readonly pollIntervalMs: number;
  readonly staleAfterMs: number;
  readonly telemetryIntervalMs: number;
  readonly logger: Logger;
  readonly listeners: ClientListeners;
}

/** Completes the options. Throws one sentence that names every problem and says what to do. */
export function parseOptions(
  options: ClientOptions,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): ClientSettings {
  const problems: string[] = [];
  const collect = <T>(parse: () => T, fallback: T): T => {
    try {
      return parse();
    } catch (thrown) {
      problems.push(thrown instanceof Error ? thrown.message : String(thrown));
      return fallback;
    }
  };
  const ms = (name: keyof ClientOptions, value: number | undefined, fallback: number, least: number) =>
    collect(() => parseMs(name, value ?? fallback, least), fallback);

  const pollIntervalMs = ms('pollIntervalMs', options.pollIntervalMs, 15_000, 1_000);
  const staleAfterMs = ms('staleAfterMs', options.staleAfterMs, 60_000, 1);
  const settings: ClientSettings = {
    url: collect(() => parseUrl(options.url ?? env['SLUICE_URL']), ''),
    token: collect(() => parseToken(options.token ?? env['SLUICE_TOKEN']), ''),
    instanceName: options.instanceName ?? hostname(),
    service: collect(() => parseService(options.service ?? serviceOf(env)), undefined),
    initTimeoutMs: ms('initTimeoutMs', options.initTimeoutMs, 5_000, 1),
    cacheDir: options.cacheDir === false ? undefined : (options.cacheDir ?? defaultCacheDir(env, platform)),
    streaming: options.streaming ?? true,
    pollIntervalMs,
    // A client that polls is not stale between two polls.
    staleAfterMs: options.streaming === false ? Math.max(staleAfterMs, 3 * pollIntervalMs) : staleAfterMs,
    telemetryIntervalMs: ms('telemetryIntervalMs', options.telemetryIntervalMs, 10_000, 1_000),
    logger: guardLogger(options.logger ?? consoleLogger),
    listeners: options.listeners ?? {},
  };
  if (problems.length > 0) throw new Error(`Sluice cannot start: ${problems.join(' ')}`);
  return settings;
}

function parseUrl(text: string | undefined): string {
  if (!text) throw new Error("Give the control plane's address as option url or as SLUICE_URL.");
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new Error(`The url '${text}' is not an http or https address: give one like https://sluice.example.com.`);
  }
  if (url.username || url.password)
    throw new Error('Take the user and password out of the url: give the token instead.');
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function parseToken(text: string | undefined): string {
  const token = text?.trim();
  if (!token) throw new Error("Give the environment's server token, slu_server_…, as option token or as SLUICE_TOKEN.");
  if (!/^[\x21-\x7e]+$/.test(token)) throw new Error('The token holds characters no token has: copy it once more.');
  return token;
}

function serviceOf(env: NodeJS.ProcessEnv): ClientOptions['service'] {
  const key = env['SLUICE_SERVICE'];
  return key ? { key, version: env['SLUICE_SERVICE_VERSION'] || undefined } : undefined;
}

function parseService(service: ClientOptions['service']): ClientSettings['service'] {
  if (service === undefined) return undefined;
  const { key, version } = service;
  if (!isServiceText(key)) throw new Error('Give the key of service (SLUICE_SERVICE) as text of 1 to 200 characters.');
  if (version === undefined) return { key };
  if (!isServiceText(version)) {
    throw new Error('Give the version of service (SLUICE_SERVICE_VERSION) as text of 1 to 200 characters.');
  }
  return { key, version };
}

/** What the control plane takes: one it refused would lose every report. */
function isServiceText(text: unknown): boolean {
  return isReportableName(text) && String(text).length <= 200;
}

function parseMs(name: string, value: number, least: number): number {
  // Timers take no more than 2^31 - 1 ms.
  if (Number.isFinite(value) && value >= least && value < 2 ** 31) return value;
  throw new Error(`Give ${name} in milliseconds, at least ${least}.`);
}
