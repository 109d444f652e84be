/**
 * Many SDKs' streams in one process, which all come back at once when they are cut off, without the pause that our SDK
 * makes: the worst that a replica's end can do to the others. Arguments: token, count, then the URLs in the order in
 * which each is tried. Tells its parent every 50 ms how many are connected, and ends with it.
 */
import { connect } from 'node:net';

const [token = '', count = '0', ...urls] = process.argv.slice(2);
const RETRY_MS = 100;
const TOLD_EVERY_MS = 50;
/** As many connections are begun at once as a listen queue holds, for those that find it full are dropped by the system. */
const BEGUN_AT_ONCE = 250;

/** The id of an event, by which a stream is taken up where it was. */
const ID = /\nid: ([^\n]+)\n/gu;

let connected = 0;
let refused = 0;
const waiting: Sdk[] = [];
let begun = 0;

interface Sdk {
  readonly tries: number;
  readonly lastId: string | undefined;
}

function join(sdk: Sdk): void {
  waiting.push(sdk);
  begin();
}

function begin(): void {
  while (begun < BEGUN_AT_ONCE) {
    const sdk = waiting.shift();
    if (sdk === undefined) return;
    begun += 1;
    open(sdk);
  }
}

function open({ tries, lastId: knownId }: Sdk): void {
  const { hostname, port, host } = new URL(urls[tries % urls.length] ?? '');
  const socket = connect(Number(port), hostname);
  let [lastId, text, isSettled, isConnected] = [knownId, '', false, false];
  const settle = (): void => {
    if (isSettled) return;
    isSettled = true;
    begun -= 1;
    begin();
  };
  socket.on('connect', () => {
    const resume = knownId === undefined ? '' : `Last-Event-ID: ${knownId}\r\n`;
    const credentials = `Authorization: Bearer ${token}\r\nAccept: text/event-stream\r\n`;
    socket.write(`GET /sdk/v1/stream HTTP/1.1\r\nHost: ${host}\r\n${credentials}${resume}\r\n`);
  });
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    for (const [, id] of text.matchAll(ID)) lastId = id;
    if (!isConnected && text.includes('\r\n\r\n')) {
      isConnected = text.startsWith('HTTP/1.1 200 ');
      if (isConnected) connected += 1;
      settle();
    }
    // Where an id may be that is not whole yet.
    if (isConnected) text = text.slice(-100);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    if (isConnected) connected -= 1;
    else refused += 1;
    settle();
    const next = { tries: tries + 1, lastId };
    if (isConnected) join(next);
    else setTimeout(() => join(next), RETRY_MS);
  });
}

for (let n = 0; n < Number(count); n += 1) join({ tries: 0, lastId: undefined });
setInterval(() => process.send?.({ connected, refused }), TOLD_EVERY_MS);
process.on('disconnect', () => process.exit());
