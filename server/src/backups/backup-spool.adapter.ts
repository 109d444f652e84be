import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';

const OWNER_ONLY = 0o600;
const READ_BYTES = 65_536;

/** Writes into what it is given; is to break off when nobody wants it any more. */
export type Fill = (to: Writable, signal: AbortSignal) => Promise<void>;

/**
 * Gives bytes on as they are written, by a file in between: who reads slowly does not hold up who writes. Fails as the
 * writing does, behind all that was written until then. Destroy it to break both off; the file goes with it.
 */
export function spool(fill: Fill, parent = tmpdir()): Readable {
  return Readable.from(spooled(fill, parent), { objectMode: false });
}

async function* spooled(fill: Fill, parent: string): AsyncGenerator<Buffer> {
  const folder = await mkdtemp(join(parent, 'sluice-backup-'));
  const leaving = new AbortController();
  let filling: Promise<void> | undefined;
  try {
    const file = await open(join(folder, 'spool'), 'wx+', OWNER_ONLY);
    try {
      const spool = new Spool(file);
      filling = fill(spool, leaving.signal).finally(() => spool.close());
      // Told below, behind what it has written.
      filling.catch(() => undefined);
      yield* spool.bytes();
      await filling;
    } finally {
      leaving.abort();
      await filling?.catch(() => undefined);
      await file.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A file that is read while it is written. */
class Spool extends Writable {
  private written = 0;
  private isClosed = false;
  private wake: () => void = () => undefined;

  constructor(private readonly file: FileHandle) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.file.appendFile(chunk).then(() => {
      this.written += chunk.length;
      this.wake();
      done();
    }, done);
  }

  /** Nothing more comes. */
  close(): void {
    this.isClosed = true;
    this.wake();
  }

  async *bytes(): AsyncGenerator<Buffer> {
    let position = 0;
    for (;;) {
      while (position < this.written) {
        const { buffer, bytesRead } = await this.file.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, position);
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
      if (this.isClosed) return;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
