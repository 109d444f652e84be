import { precondition } from './errors.js';

/** The version a caller believes it is changing. */
export type ExpectedVersion =
  { readonly kind: 'unsaid' } | { readonly kind: 'any' } | { readonly kind: 'version'; readonly version: number };

/** Refuses a change to a version other than the caller last saw: nobody's edit is lost unseen. */
export function requireVersion(expected: ExpectedVersion, current: number): void {
  if (expected.kind === 'unsaid') {
    throw precondition('IF_MATCH_REQUIRED', 'Send If-Match with the ETag of your last read, so that no edit is lost.', {
      data: { currentVersion: current },
    });
  }
  refuseStale(expected, current);
}

/** As requireVersion, for changes that are safe to make without having looked. */
export function refuseStale(expected: ExpectedVersion, current: number): void {
  if (expected.kind !== 'version' || expected.version === current) return;
  throw precondition(
    'VERSION_STALE',
    `Someone changed this since: it is at version ${current}, you sent ${expected.version}. Read it again and redo your edit.`,
    { data: { currentVersion: current } },
  );
}
