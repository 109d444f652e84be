import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CommandError, type ProblemDetails } from './command-error.js';
import { EXIT, exitCodeOfProblem } from './exit-code.js';
import { isWholeBackup } from './is-whole-backup.js';
import { apiPath, type Session } from './session.js';

/** Whoever can read a backup can do much. */
const OWNER_ONLY = 0o600;

/** A backup that has arrived whole. */
export interface DownloadedBackup {
  readonly bytes: number;
  /** Of the file, in hexadecimal: what `sha256sum` says. */
  readonly sha256: string;
}

/** Fetches a backup into a new file, which is there when it has arrived whole, and not before. */
export async function downloadBackup(session: Session, path: string): Promise<DownloadedBackup> {
  if (existsSync(path)) throw new CommandError(EXIT.usage, `${path} exists already: say a file that does not.`);
  const response = await ask(session);
  const partial = `${path}.${process.pid}.part`;
  try {
    const taken = await write(response, partial, session.terminal.interrupted);
    if (!(await isWholeBackup(partial))) throw brokenOff();
    await rename(partial, path);
    return taken;
  } finally {
    await rm(partial, { force: true });
  }
}

async function write(response: Response, path: string, signal: AbortSignal): Promise<DownloadedBackup> {
  const hash = createHash('sha256');
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  // A body of fetch is a stream of the web; Node's types of both do not know each other.
  const body = Readable.fromWeb(response.body as never);
  const file = createWriteStream(path, { flags: 'wx', mode: OWNER_ONLY });
  try {
    await pipeline(body, count, file, { signal });
  } catch {
    throw file.pending ? new CommandError(EXIT.usage, `${path} cannot be written.`) : brokenOff();
  }
  return { bytes, sha256: hash.digest('hex') };
}

function brokenOff(): CommandError {
  return new CommandError(
    EXIT.couldNotAsk,
    'The backup broke off and was not kept: take it again. If it does so again, the log of the server says why.',
  );
}

async function ask({ url, token, terminal }: Session): Promise<Response> {
  const address = url.replace(/\/+$/u, '') + apiPath('backup');
  const headers = { authorization: `Bearer ${token}`, accept: 'application/gzip, application/problem+json' };
  let response: Response;
  try {
    response = await fetch(address, { headers, signal: terminal.interrupted });
  } catch {
    throw new CommandError(EXIT.couldNotAsk, `Sluice at ${url} does not answer.`);
  }
  if (response.ok && response.body !== null) return response;
  const problem = (await response.json().catch(() => undefined)) as ProblemDetails | undefined; // by contract
  const message = problem?.detail ?? `Sluice at ${url} answered ${response.status}.`;
  throw new CommandError(exitCodeOfProblem(response.status), message, problem === undefined ? {} : { problem });
}
