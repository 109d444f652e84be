import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

const LINE_END = 0x0a;

/** Whether a file is a backup to its last line, which has the SHA-256 of all before it. */
export async function isWholeBackup(path: string): Promise<boolean> {
  const hash = createHash('sha256');
  // From the beginning of what may be the last line.
  let held: Buffer = Buffer.alloc(0);
  const file = createReadStream(path);
  const unpacked = file.pipe(createGunzip());
  file.on('error', (error) => unpacked.destroy(error));
  try {
    for await (const chunk of unpacked) {
      held = Buffer.concat([held, chunk as Buffer]);
      const body = held.lastIndexOf(LINE_END, held.length - 2) + 1;
      hash.update(held.subarray(0, body));
      held = held.subarray(body);
    }
    const end = JSON.parse(held.toString()) as { readonly sha256?: unknown } | null;
    return held.at(-1) === LINE_END && end?.sha256 === hash.digest('hex');
  } catch {
    // It cannot be unpacked, or its last line is none.
    return false;
  } finally {
    file.destroy();
  }
}
