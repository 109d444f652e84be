import { type FileHandle, open } from 'node:fs/promises';
import { addLines, type ArmTally, type Tallies, tallyOf } from './arm-tally.js';

const PIECE = 256 * 1024;

interface Position {
  /** Device and inode: another file under the same name begins anew. */
  readonly file: string;
  readonly offset: number;
  readonly rest: string;
  readonly tallies: Tallies;
}

const NOWHERE: Position = { file: 'none', offset: 0, rest: '', tallies: new Map() };

/**
 * Counts the lines of an arm log, reading only what was added since the last look. A log that was rotated or cut is
 * counted from its beginning.
 */
export class ArmLog {
  private position = NOWHERE;
  private reading: Promise<unknown> = Promise.resolve();

  constructor(private readonly path: string) {}

  /** Requests that one generation has logged, and which file says so. A log that does not exist yet has none. */
  count(generation: string): Promise<ArmTally & { readonly file: string }> {
    // One reader at a time: two would count the same lines.
    const counted = this.reading.then(async () => {
      this.position = await this.read();
      return { ...tallyOf(this.position.tallies, generation), file: this.position.file };
    });
    this.reading = counted.catch(() => undefined);
    return counted;
  }

  private async read(): Promise<Position> {
    const handle = await openIfThere(this.path);
    if (handle === undefined) return NOWHERE;
    try {
      const { dev, ino, size } = await handle.stat();
      const file = `${dev}:${ino}`;
      const isSame = file === this.position.file && size >= this.position.offset;
      return await readOn(handle, isSame ? this.position : { ...NOWHERE, file });
    } finally {
      await handle.close();
    }
  }
}

async function readOn(handle: FileHandle, from: Position): Promise<Position> {
  const buffer = Buffer.alloc(PIECE);

  let { offset, rest, tallies } = from;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, PIECE, offset);
    if (bytesRead === 0) return { file: from.file, offset, rest, tallies };
    offset += bytesRead;
    ({ tallies, rest } = addLines(tallies, rest + buffer.toString('latin1', 0, bytesRead)));
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // node:fs throws ErrnoExceptions
    throw error;
  }
}
