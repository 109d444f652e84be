import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { formatSnapshot } from '../evaluation/format-snapshot.js';
import { parseSnapshot } from '../evaluation/parse-snapshot.js';
import type { Snapshot } from '../evaluation/snapshot.js';
import type { Logger } from '../logger.js';
import { describeThrown } from '../problem.js';

export interface CachedSnapshot {
  readonly snapshot: Snapshot;
  readonly etag: string | undefined;
}

/** The user's own cache directory for Sluice, by the platform's custom; undefined where there is no home. */
export function defaultCacheDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | undefined {
  const home = findHome();
  if (platform === 'win32') return env['LOCALAPPDATA'] && join(env['LOCALAPPDATA'], 'sluice', 'Cache');
  if (platform === 'darwin') return home && join(home, 'Library', 'Caches', 'sluice');
  return env['XDG_CACHE_HOME'] ? join(env['XDG_CACHE_HOME'], 'sluice') : home && join(home, '.cache', 'sluice');
}

function findHome(): string | undefined {
  try {
    return homedir() || undefined;
  } catch {
    return undefined;
  }
}

/** The file of one control plane and token. Neither can be read off it. */
export function cacheFileName(url: string, token: string): string {
  return `snapshot-${createHash('sha256').update(`${url}\n${token}`).digest('hex')}.json`;
}

/**
 * The last good snapshot on disk, so that a restart while the control plane is away changes no value. A file that is
 * missing, corrupt or another user's is ignored; a disk that is full or read-only costs the copy, nothing else.
 */
export class SnapshotCacheFile {
  readonly #path: string;
  readonly #temporaryPath: string;
  #next: CachedSnapshot | undefined;
  #writing: Promise<void> | undefined;
  #hasWarned = false;

  constructor(
    private readonly directory: string,
    fileName: string,
    instanceId: string,
    private readonly logger: Logger,
  ) {
    this.#path = join(directory, fileName);
    this.#temporaryPath = `${this.#path}.${instanceId}.tmp`;
  }

  /** The copy, or undefined where there is none to trust. */
  async read(): Promise<CachedSnapshot | undefined> {
    try {
      const owner = (await stat(this.#path)).uid;
      if (process.getuid && owner !== process.getuid()) return undefined;
      const [head, ...body] = (await readFile(this.#path, 'utf8')).split('\n');
      const { etag } = parseHead(head);
      return { snapshot: parseSnapshot(body.join('\n')), etag };
    } catch (thrown) {
      this.logger.debug(`no disk copy: ${describeThrown(thrown)}`);
      return undefined;
    }
  }

  /** Writes soon. While one write is under way only the newest of the others is kept. */
  write(cached: CachedSnapshot): void {
    this.#next = cached;
    this.#writing ??= this.#drain();
  }

  /** Resolves when all that was handed in is on disk, or has failed to get there. */
  async settle(): Promise<void> {
    await this.#writing;
  }

  async #drain(): Promise<void> {
    while (this.#next) {
      const cached = this.#next;
      this.#next = undefined;
      await this.#replace(cached).catch((thrown: unknown) => this.#warnOnce(thrown));
    }
    this.#writing = undefined;
  }

  async #replace(cached: CachedSnapshot): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    try {
      // `wx`: never write through a link or into a file that somebody left there.
      const file = await open(this.#temporaryPath, 'wx', 0o600);
      try {
        const head = JSON.stringify({ format: 'sluice-snapshot-1', etag: cached.etag });
        await file.writeFile(`${head}\n${formatSnapshot(cached.snapshot)}`);
      } finally {
        await file.close();
      }
      await rename(this.#temporaryPath, this.#path);
    } catch (thrown) {
      await rm(this.#temporaryPath, { force: true }).catch(() => undefined);
      throw thrown;
    }
  }

  #warnOnce(thrown: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.logger.warn(
      `the last good snapshot cannot be kept in ${this.directory} (${describeThrown(thrown)}): set cacheDir to a directory this process may write, or to false.`,
    );
  }
}

function parseHead(line: string | undefined): { readonly etag: string | undefined } {
  const head: unknown = JSON.parse(line ?? '');
  if (typeof head !== 'object' || head === null || !('format' in head) || head.format !== 'sluice-snapshot-1') {
    throw new Error('not a snapshot file');
  }
  return { etag: 'etag' in head && typeof head.etag === 'string' ? head.etag : undefined };
}
