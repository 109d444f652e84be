import { chmodSync, mkdirSync } from 'node:fs';

/** Nobody but the owner: what is stored holds the secrets of webhooks in clear, and each file in it is writable by anybody. */
const OWNER_ONLY = 0o700;

/**
 * Makes a folder, where there is none, that nobody but its owner gets into. One that is another user's stays as it is: that
 * it may be written to was somebody's decision, as on a volume shared by a group.
 */
export function keepPrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
  try {
    chmodSync(folder, OWNER_ONLY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error; // what fs throws has a code
  }
}
