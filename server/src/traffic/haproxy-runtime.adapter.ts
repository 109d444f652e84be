import { connect, type NetConnectOpts } from 'node:net';
import { unreachable } from './unreachable.js';

/** Far more than `show stat` of thousands of servers. */
const MAX_ANSWER = 16_000_000;

/** HAProxy's runtime API: one connection per command, which HAProxy closes behind its answer. */
export class HaproxyRuntime {
  constructor(
    /** A path, or host:port. */
    private readonly socket: string,
    private readonly timeoutMs: number,
  ) {}

  /** Sends one line and answers what comes back. Throws `unavailable` for no connection, no answer or no end of it. */
  ask(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const connection = connect(addressOf(this.socket));
      let answer = '';
      const fail = (reason: string): void => {
        connection.destroy();
        reject(unreachable(`HAProxy's runtime API at ${this.socket} cannot be asked: ${reason}.`));
      };
      // The whole exchange is bounded, not only silence: an answer that trickles holds up a release as well.
      const deadline = setTimeout(() => fail(`no answer within ${this.timeoutMs} ms`), this.timeoutMs);
      connection.setEncoding('utf8');
      connection.on('connect', () => connection.write(`${command}\n`));
      connection.on('data', (chunk: string) => {
        answer += chunk;
        if (answer.length > MAX_ANSWER) fail('the answer does not end');
      });
      connection.on('error', (error) => fail(error.message));
      connection.on('end', () => connection.destroy());
      connection.on('close', () => {
        clearTimeout(deadline);
        // Every answer ends with an empty line; a process that was killed meanwhile ends it anywhere.
        if (answer === '\n' || answer.endsWith('\n\n')) resolve(answer.trim());
        else fail('the connection was closed before the answer ended');
      });
    });
  }
}

function addressOf(socket: string): NetConnectOpts {
  if (socket.startsWith('/')) return { path: socket };
  const colon = socket.lastIndexOf(':');
  const host = socket.slice(0, colon).replaceAll(/^\[|\]$/gu, '');
  return { host, port: Number(socket.slice(colon + 1)) };
}
