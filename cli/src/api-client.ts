import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, type ProblemDetails } from './command-error.js';
import { EXIT, exitCodeOfProblem, isPassing } from './exit-code.js';
import { retryDelayMs } from './retry-delay.js';
import { CLI_VERSION } from './version.js';

/** How long one request may take, beyond what it asks the server to wait; less when time is short. */
const REQUEST_MS = 30_000;
const HURRIED_REQUEST_MS = 5_000;

export interface ApiSettings {
  readonly url: string;
  readonly token: string;
  /** Ends every request, and every pause between two. */
  readonly interrupted: AbortSignal;
  /** Said once when Sluice stops answering, and again when it does. */
  readonly note: (line: string) => void;
}

export interface RequestOptions {
  /** The instant, in milliseconds since 1970, until which a server that is busy or away is asked again. */
  readonly until: number;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the server was asked to hold the answer back. */
  readonly holdMs?: number;
  /** What makes this request the same as another one with the same content; each is its own unless said. */
  readonly sameAs?: string | undefined;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What came of asking once: an answer, or why there may be one later. */
type Attempt =
  | { readonly kind: 'answered'; readonly response: Response }
  | { readonly kind: 'later'; readonly why: string; readonly retryAfterSeconds: number | undefined };

/**
 * The REST API. Requests are repeated while Sluice is busy or away, but only those that do no harm twice: reads, and
 * POSTs, which carry an Idempotency-Key. Throws CommandError for everything else.
 */
export class ApiClient {
  private isLost = false;

  constructor(private readonly settings: ApiSettings) {}

  get url(): string {
    return this.settings.url;
  }

  /** The answer's shape is the API's contract, which names what each path answers. */
  async request<Answer>(method: Method, path: string, options: RequestOptions): Promise<Answer> {
    const address = this.addressOf(path, options.query);
    const init = this.initOf(method, path, options);
    const mayRepeat = method === 'GET' || method === 'POST' || init.headers['if-match'] === undefined;
    for (let failures = 1; ; failures += 1) {
      const patienceMs = Math.max(HURRIED_REQUEST_MS, options.until - Date.now());
      const attempt = await this.tryOnce(address, init, Math.min(REQUEST_MS + (options.holdMs ?? 0), patienceMs));
      if (attempt.kind === 'answered') {
        this.hear();
        // By contract, see above.
        return (await readAnswer(attempt.response)) as Answer;
      }
      const pauseMs = retryDelayMs(failures, Math.random(), attempt.retryAfterSeconds);
      if (!mayRepeat || Date.now() + pauseMs > options.until) throw this.unreachable(attempt.why);
      this.lose(attempt.why);
      await sleep(pauseMs, undefined, { signal: this.settings.interrupted });
    }
  }

  private async tryOnce(address: URL, init: RequestInit, timeoutMs: number): Promise<Attempt> {
    const { interrupted } = this.settings;
    try {
      const signal = AbortSignal.any([interrupted, AbortSignal.timeout(timeoutMs)]);
      const response = await fetch(address, { ...init, signal });
      // Read here, because the connection may break in the middle of the body.
      const answer = new Response(await response.arrayBuffer().then(bodyOf), response);
      const isInFlight = response.status === 409 && (await codeOf(answer)) === 'IDEMPOTENT_REQUEST_IN_FLIGHT';
      if (!isPassing(response.status) && !isInFlight) return { kind: 'answered', response: answer };
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      const why = (await detailOf(answer)) ?? `it answered ${response.status}`;
      return { kind: 'later', why, retryAfterSeconds: Number.isFinite(seconds) ? seconds : undefined };
    } catch (thrown) {
      interrupted.throwIfAborted();
      return { kind: 'later', why: networkWords(thrown), retryAfterSeconds: undefined };
    }
  }

  private initOf(method: Method, path: string, { body, headers, sameAs = randomUUID() }: RequestOptions) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const key = createHash('sha256')
      .update(`${sameAs}\n${path}\n${text ?? ''}`)
      .digest('hex');
    return {
      method,
      headers: {
        authorization: `Bearer ${this.settings.token}`,
        'user-agent': `sluice-cli/${CLI_VERSION}`,
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'POST' ? { 'idempotency-key': `"${key}"` } : {}),
        ...headers,
      } as Record<string, string>, // Each value is a text: the spreads only hide it.
      ...(text === undefined ? {} : { body: text }),
    };
  }

  private addressOf(path: string, query: RequestOptions['query'] = {}): URL {
    const address = new URL(this.settings.url.replace(/\/+$/u, '') + path);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) address.searchParams.set(name, value);
    return address;
  }

  private lose(why: string): void {
    if (!this.isLost) this.settings.note(`Sluice at ${this.settings.url} does not answer: ${why}. Trying again.`);
    this.isLost = true;
  }

  private hear(): void {
    if (this.isLost) this.settings.note(`Sluice at ${this.settings.url} answers again.`);
    this.isLost = false;
  }

  private unreachable(why: string): CommandError {
    const hint = 'Is the address right (--url, SLUICE_URL), and does the server run? --timeout says how long to try.';
    return new CommandError(EXIT.couldNotAsk, `Sluice at ${this.settings.url} could not be asked: ${why}.`, { hint });
  }
}

/** Statuses like 204 may have no body at all, not even an empty one. */
function bodyOf(bytes: ArrayBuffer): ArrayBuffer | null {
  return bytes.byteLength === 0 ? null : bytes;
}

async function readAnswer(response: Response): Promise<unknown> {
  const text = await response.text();
  const content = text === '' ? undefined : parseJson(text);
  if (response.ok && (text === '' || content !== undefined)) return content;
  const problem = isProblem(content) ? content : undefined;
  if (problem !== undefined) throw refused(problem);
  const message = `What answered is not Sluice's API: ${response.status} from ${response.url || 'there'}, and no JSON of ours.`;
  throw new CommandError(response.ok ? EXIT.usage : exitCodeOfProblem(response.status), message, {
    hint: 'Check --url or SLUICE_URL: it is the address of the server alone, such as https://sluice.example.',
  });
}

function refused(problem: ProblemDetails): CommandError {
  const hint = HINTS[problem.code] ?? STATUS_HINTS[problem.status];
  const details = hint === undefined ? { problem } : { problem, hint };
  return new CommandError(exitCodeOfProblem(problem.status), problem.detail, details);
}

/** What to type next, where the server's sentence cannot know that there is a command. */
const HINTS: Readonly<Record<string, string>> = {
  DIGEST_REJECTED: 'With this command: --override-rejection <reason>.',
  FLAG_RAMPING: 'With this command: --take-over <reason>.',
  NO_HISTORY: 'With this command: --units-per-minute and --bad-rate.',
  BAD_RATE_UNKNOWN: 'With this command: --bad-rate.',
  CANDIDATE_AMBIGUOUS: 'With this command: --candidate.',
  APPROVAL_MISSING: 'Another person approves it with: sluice release approve <release>.',
};
const STATUS_HINTS: Readonly<Record<number, string>> = {
  401: 'Check --token or SLUICE_TOKEN: it may have expired or been revoked.',
};

async function detailOf(response: Response): Promise<string | undefined> {
  const content = parseJson(await response.clone().text());
  return isProblem(content) ? content.detail.replace(/\.$/u, '') : undefined;
}

async function codeOf(response: Response): Promise<string | undefined> {
  const content = parseJson(await response.clone().text());
  return isProblem(content) ? content.code : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isProblem(content: unknown): content is ProblemDetails {
  return (
    typeof content === 'object' &&
    content !== null &&
    'detail' in content &&
    typeof content.detail === 'string' &&
    'status' in content &&
    typeof content.status === 'number' &&
    'code' in content &&
    typeof content.code === 'string'
  );
}

/** What fetch says is "fetch failed"; what lies behind it says more. */
function networkWords(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.name === 'TimeoutError') return 'it took too long';
  const { cause } = thrown;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return NETWORK_WORDS[code ?? ''] ?? (cause instanceof Error && cause.message !== '' ? cause.message : thrown.message);
}

const NETWORK_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host could not be looked up',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
};
