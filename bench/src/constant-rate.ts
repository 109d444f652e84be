import { connect, type Socket } from 'node:net';

/** What callers waited for, who came at a constant rate whatever became of those before them. */
export interface RateResult {
  /** From when a request was sent until its answer was whole, milliseconds. */
  readonly latenciesMs: readonly number[];
  /** Requests that were due while too many were under way: they were never sent. */
  readonly dropped: number;
  readonly failed: number;
}

export interface Rate {
  readonly url: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** Of request number n. */
  readonly path: (n: number) => string;
}

/** More requests than this under way would measure the generator. */
const OPEN_LIMIT = 512;

/**
 * An open loop on plain sockets: requests are sent when they are due, over as many connections as that takes. The
 * generators that are at hand either wait for answers or count in whole milliseconds.
 */
export async function callAtConstantRate({ url, perSecond, seconds, path }: Rate): Promise<RateResult> {
  const { hostname, port, host } = new URL(url);
  const idle: Connection[] = [];
  const all = new Set<Connection>();
  const latenciesMs: number[] = [];
  let [dropped, failed, open, sent] = [0, 0, 0, 0];
  const call = (): void => {
    if (open >= OPEN_LIMIT) {
      dropped += 1;
      return;
    }
    const connection = idle.pop() ?? new Connection(connect({ host: hostname, port: Number(port), noDelay: true }));
    all.add(connection);
    open += 1;
    connection.ask(`GET ${path(sent)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, (tookMs) => {
      open -= 1;
      if (tookMs === undefined) {
        failed += 1;
        all.delete(connection);
        return;
      }
      latenciesMs.push(tookMs);
      idle.push(connection);
    });
  };
  const startMs = performance.now();
  const total = perSecond * seconds;
  while (sent < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startMs) / 1_000) * perSecond));
    for (; sent < due; sent += 1) call();
    await tick(1);
  }
  const endMs = performance.now() + 2_000;
  while (open > 0 && performance.now() < endMs) await tick(5);
  for (const connection of all) connection.close();
  return { latenciesMs, dropped, failed: failed + open };
}

/** One request at a time, whose answer tells its length. */
class Connection {
  #heard = '';
  #startMs = 0;
  #done: ((tookMs: number | undefined) => void) | undefined;

  constructor(private readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#hear(text));
    socket.on('error', () => this.#finish(undefined));
    socket.on('close', () => this.#finish(undefined));
  }

  ask(message: string, done: (tookMs: number | undefined) => void): void {
    this.#heard = '';
    this.#done = done;
    this.#startMs = performance.now();
    this.socket.write(message, 'latin1');
  }

  close(): void {
    this.#done = undefined;
    this.socket.destroy();
  }

  #hear(text: string): void {
    this.#heard += text;
    const head = this.#heard.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#heard)?.[1]);
    if (!(this.#heard.length >= head + 4 + length)) return;
    this.#finish(this.#heard.startsWith('HTTP/1.1 200 ') ? performance.now() - this.#startMs : undefined);
  }

  #finish(tookMs: number | undefined): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(tookMs);
  }
}

function tick(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
