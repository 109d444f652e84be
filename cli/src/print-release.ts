import type { ReleaseView } from './release-view.js';
import { renderRelease } from './render/render-release.js';
import type { Session } from './session.js';

/** The release as it stands, for people and machines. */
export function printRelease(session: Session, release: ReleaseView): void {
  session.print(release, linesOfRelease(release, session));
}

export function linesOfRelease(release: ReleaseView, { palette }: Session): readonly string[] {
  return renderRelease(release, { now: new Date(), palette });
}
