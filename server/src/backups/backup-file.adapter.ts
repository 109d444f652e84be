import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip, createGzip } from 'node:zlib';
import { BackupChecker, type BackupEnd, type BackupHeader, type BackupLine, damaged } from './backup-format.js';

/** Whoever can read the file can do much: it holds secrets of webhooks and hashes of tokens and passwords. */
const OWNER_ONLY = 0o600;

/** A file that must not exist yet, for its owner alone. */
export function newBackupFile(path: string): Writable {
  return createWriteStream(path, { flags: 'wx', mode: OWNER_ONLY });
}

/** Writes the lines of a backup, packed; the first one at once, so that who waits knows that it has begun. */
export async function writeBackup(lines: AsyncIterable<string>, to: Writable, signal?: AbortSignal): Promise<void> {
  const packing = createGzip();
  // Each line is written before the next one is asked for.
  const ended = withLineEnds(lines, () => packing.flush());
  await pipeline(ended, packing, to, signal === undefined ? {} : { signal });
}

async function* withLineEnds(lines: AsyncIterable<string>, afterFirst: () => void): AsyncGenerator<string> {
  let isFirst = true;
  for await (const line of lines) {
    yield `${line}\n`;
    if (isFirst) afterFirst();
    isFirst = false;
  }
}

/** One line of a backup, as text and understood. */
export interface ReadLine {
  readonly text: string;
  readonly line: BackupLine;
}

/**
 * Reads a backup, and answers behind its last line what it says of itself. Throws `invalid` where it is not whole, at the
 * latest in the end: who stores what is read keeps it only then.
 */
export async function* readBackup(
  path: string,
): AsyncGenerator<ReadLine, { readonly header: BackupHeader; readonly end: BackupEnd }> {
  const checker = new BackupChecker();
  const hash = createHash('sha256');
  for await (const text of linesOf(path)) {
    const line = checker.follow(text);
    if (line.kind !== 'end') hash.update(`${text}\n`);
    yield { text, line };
  }
  return checker.finish(hash.digest('hex'));
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const unpacked = createGunzip();
  file.on('error', (error) => unpacked.destroy(error));
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for await (const chunk of file.pipe(unpacked)) {
      const parts = (rest + decoder.write(chunk as Buffer)).split('\n');
      rest = parts.pop() ?? '';
      yield* parts;
    }
  } catch (error) {
    throw inWords(error, path);
  } finally {
    file.destroy();
    unpacked.destroy();
  }
  if (rest !== '') throw damaged('its last line is cut off');
}

function inWords(error: unknown, path: string): unknown {
  // Node's errors of files and of zlib have codes; all others are told as they are.
  const { code } = error as NodeJS.ErrnoException;
  if (code?.startsWith('Z_') === true) return damaged('it cannot be unpacked');
  if (code === 'ENOENT') return new Error(`There is no file ${path}: name the backup to restore.`);
  if (code === undefined) return error;
  return new Error(`${path} cannot be read: name a backup that is a file and that you may read.`, { cause: error });
}
