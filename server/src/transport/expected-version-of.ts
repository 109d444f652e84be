import type { ExpectedVersion } from '../kernel/expected-version.js';

/** What an input of a mutation says of the version it was made from: null is any, as REST's absent If-Match. */
export function expectedVersionOf(version: number | null | undefined): ExpectedVersion {
  return version === null || version === undefined ? { kind: 'unsaid' } : { kind: 'version', version };
}
