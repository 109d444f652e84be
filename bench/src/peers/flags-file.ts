import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Flags in a file, for a library that is fed by one. */
export interface FlagsFile {
  readonly path: string;
  remove(): void;
}

export function writeFlagsFile(text: string): FlagsFile {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const path = join(folder, 'flags.json');
  writeFileSync(path, text);
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
