/**
 * Holds event streams on plain sockets, which cost it next to nothing, and tells when an event has reached all of them. Its
 * arguments: the stream's URL and, for a server that asks for one, a token.
 */
import { connect, type Socket } from 'node:net';
import { type Arrivals, type HolderOrder, monotonicMs } from './holder.js';

/** Connections on their way at once: more than a listener's queue takes would be refused. */
const AT_ONCE = 100;

const [, , text = '', token = ''] = process.argv;
const url = new URL(text);
const held: HeldStream[] = [];
let position: string | undefined;
let missing = 0;

process.on('disconnect', () => process.exit());
process.on('message', (order: HolderOrder) => void obey(order));
process.send?.('ready');

async function obey(order: HolderOrder): Promise<void> {
  if (order.kind === 'arm') return arm();
  // The first learns where the others begin, as clients do that have a snapshot.
  if (token !== '') position ??= await findPosition();
  let left = order.count;
  const openNext = async (): Promise<void> => {
    for (; left > 0;) {
      left -= 1;
      const stream = new HeldStream(arrived);
      await stream.opened;
      held.push(stream);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, openNext));
  process.send?.({ held: held.length });
}

function arm(): void {
  missing = held.length;
  for (const stream of held) stream.arm();
  process.send?.({ armed: missing });
}

function arrived(): void {
  missing -= 1;
  if (missing > 0) return;
  const arrivals: Arrivals = { atMs: held.map(({ arrivedMs }) => arrivedMs), frameBytes: held[0]?.frameBytes ?? 0 };
  process.send?.(arrivals);
}

function requestOf(lastEventId: string | undefined): string {
  const lines = [`GET ${url.pathname} HTTP/1.1`, `Host: ${url.host}`, 'Accept: text/event-stream'];
  if (token !== '') lines.push(`Authorization: Bearer ${token}`);
  if (lastEventId !== undefined) lines.push(`Last-Event-ID: ${lastEventId}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** The id of the first event of a stream that begins at nothing. */
function findPosition(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTo();
    let heard = '';
    socket.on('data', (chunk: string) => {
      heard += chunk;
      const id = /^id: (.+)$/m.exec(heard)?.[1];
      if (id === undefined) return;
      socket.destroy();
      resolve(id);
    });
    socket.on('error', reject);
    socket.write(requestOf(undefined));
  });
}

function connectTo(): Socket {
  return connect({ host: url.hostname, port: Number(url.port) }).setEncoding('latin1');
}

class HeldStream {
  readonly opened: Promise<void>;
  arrivedMs = NaN;
  frameBytes = 0;
  #heard = '';
  #isArmed = false;

  constructor(private readonly onArrival: () => void) {
    const socket = connectTo();
    this.opened = new Promise((resolve, reject) => {
      socket.once('data', (chunk: string) => {
        if (chunk.startsWith('HTTP/1.1 200 ')) resolve();
        else reject(new Error(`A stream was refused: ${chunk}`));
      });
      socket.once('error', reject);
    });
    socket.on('data', (chunk: string) => this.#hear(chunk));
    socket.write(requestOf(position));
  }

  arm(): void {
    this.#heard = '';
    this.#isArmed = true;
  }

  /** An event is whole when the chunk that ends it is. */
  #hear(chunk: string): void {
    if (!this.#isArmed) return;
    this.#heard += chunk;
    const start = this.#heard.indexOf('event: ');
    if (start < 0 || !this.#heard.endsWith('\n\n\r\n')) return;
    this.#isArmed = false;
    this.arrivedMs = monotonicMs();
    this.frameBytes = this.#heard.length - start - 2;
    this.#heard = '';
    this.onArrival();
  }
}
