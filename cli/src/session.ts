import type { Command } from 'commander';
import { ApiClient, type RequestOptions } from './api-client.js';
import { CommandError } from './command-error.js';
import { EXIT, type ExitCode } from './exit-code.js';
import type { Page } from './release-view.js';
import { COLOURED, type Palette, PLAIN } from './render/palette.js';
import type { Terminal } from './terminal.js';

/** What may be said to every command. */
export interface GlobalOptions {
  readonly url?: string;
  readonly token?: string;
  readonly project?: string;
  readonly json?: boolean;
  readonly color: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
}

const PATIENCE_MS = 15_000;
const PATIENCE_WAITING_MS = 24 * 3_600_000;

type Ask = Omit<RequestOptions, 'until'> & { readonly until?: number };

/** One run of one command: its options, the API, and where its results go. */
export class Session {
  exitCode: ExitCode = EXIT.released;
  private readonly startedAt = Date.now();
  private readonly options: GlobalOptions;
  private client: ApiClient | undefined;

  constructor(
    private readonly command: Command,
    readonly terminal: Terminal,
  ) {
    this.options = command.optsWithGlobals<GlobalOptions>();
  }

  get isJson(): boolean {
    return this.options.json === true;
  }

  get palette(): Palette {
    const { isScreen, env } = this.terminal;
    const isWanted = this.options.color && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
    return isScreen && isWanted ? COLOURED : PLAIN;
  }

  /** The instant at which a command that waits gives up. */
  get deadline(): number {
    return this.startedAt + (this.options.timeout ?? PATIENCE_WAITING_MS);
  }

  get token(): string {
    return orUnsaid(this.options.token) ?? this.lacks('the token', '--token', 'SLUICE_TOKEN');
  }

  get url(): string {
    const url = orUnsaid(this.options.url) ?? this.lacks('where Sluice is', '--url', 'SLUICE_URL');
    if (/^https?:\/\//u.test(url) && URL.canParse(url)) return url;
    throw new CommandError(EXIT.usage, `"${url}" is no address: say one such as https://sluice.example.`);
  }

  get<Answer>(path: string, ask: Ask = {}): Promise<Answer> {
    return this.request('GET', path, ask);
  }

  post<Answer>(path: string, body?: unknown, ask: Ask = {}): Promise<Answer> {
    return this.request('POST', path, { ...ask, ...(body === undefined ? {} : { body }) });
  }

  request<Answer>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, ask: Ask): Promise<Answer> {
    this.client ??= new ApiClient({
      url: this.url,
      token: this.token,
      interrupted: this.terminal.interrupted,
      note: (line) => this.note(line),
    });
    const until = this.startedAt + (this.options.timeout ?? PATIENCE_MS);
    return this.client.request(method, path, { until, ...ask });
  }

  /** Replaces fields of what there is now; an edit by somebody else in between is not overwritten but told. */
  async edit<Answer>(path: string, body: unknown, query: RequestOptions['query'] = {}): Promise<Answer> {
    const { version } = await this.get<{ readonly version: number }>(path);
    return this.request('PATCH', path, { body, query, headers: { 'if-match': `"${version}"` } });
  }

  /** The project as it was said on the command line, which goes before what a file says. */
  get projectSaid(): string | undefined {
    return this.command.getOptionValueSourceWithGlobals('project') === 'cli' ? this.options.project : undefined;
  }

  /** Key of the project: as it was said, else the only one that the token can see. */
  async project(): Promise<string> {
    const said = orUnsaid(this.options.project);
    if (said !== undefined) return said;
    const { items, nextCursor } = await this.get<Page<{ readonly key: string }>>('/api/v1/projects', {
      query: { limit: '20' },
    });
    const [only, ...others] = items.map(({ key }) => key);
    if (only !== undefined && others.length === 0) return only;
    const message =
      only === undefined
        ? 'This token can see no project.'
        : `This token can see ${[only, ...others].join(', ')}${nextCursor === null ? '' : ' and more'}: say which with --project or SLUICE_PROJECT.`;
    throw new CommandError(EXIT.usage, message);
  }

  /** The path of something in the project. Parts are names, so whatever they hold is escaped. */
  async pathOf(...parts: readonly string[]): Promise<string> {
    return apiPath('projects', await this.project(), ...parts);
  }

  /** Writes the result: one JSON document with --json, else lines for people. */
  print(document: unknown, lines: readonly string[]): void {
    const text = this.isJson ? JSON.stringify(document, null, 2) : lines.join('\n');
    if (text !== '') this.terminal.out(`${text}\n`);
  }

  /** Says what goes on meanwhile, where it disturbs no result. */
  note(line: string): void {
    this.terminal.err(`${line}\n`);
  }

  private lacks(what: string, option: string, variable: string): never {
    throw new CommandError(EXIT.usage, `Say ${what} with ${option} or in ${variable}.`);
  }
}

/** Pipelines set a variable that they lack to nothing. */
function orUnsaid(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** `/api/v1/…` with every part escaped. Throws for a part that no address can hold: it would mean what is around it. */
export function apiPath(...parts: readonly string[]): string {
  const lost = parts.find((part) => part === '' || part === '.' || part === '..');
  if (lost !== undefined) throw new CommandError(EXIT.usage, `"${lost}" is no name: nothing can be asked for by it.`);
  return `/api/v1/${parts.map(encodeURIComponent).join('/')}`;
}

/** Runs one command's work within a session. */
export type Run = (command: Command, work: (session: Session) => Promise<void>) => Promise<void>;
