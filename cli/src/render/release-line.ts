import type { ReleaseView } from '../release-view.js';
import { oneLine } from './format.js';
import { positionWords, statusWords } from './words.js';

/** A look at a release, when it was taken. */
export interface Look {
  readonly release: ReleaseView;
  readonly at: Date;
}

/** Pipelines kill jobs that say nothing; a line this often is enough to live. */
const SILENCE_MS = 5 * 60_000;

/** A release in one line of a log: when, status, position, reason. */
export function releaseLine({ release, at }: Look): string {
  const { status, reason } = release;
  const position = positionWords(release);
  const until = reason.until === undefined ? '' : ` (until ${reason.until})`;
  return [
    at.toISOString(),
    [statusWords(status), ...(position === undefined ? [] : [position])].join(', '),
    `${reason.code}: ${oneLine(reason.sentence)}${until}`,
  ].join('  ');
}

/** Whether a log needs another line: something moved, or nothing was said for long. */
export function isWorthALine(last: Look | undefined, next: Look): boolean {
  if (last === undefined || keyOf(last.release) !== keyOf(next.release)) return true;
  return next.at.getTime() - last.at.getTime() >= SILENCE_MS;
}

/** Sentences count units and instances, which move all the time: they are told, but are no news. */
function keyOf({ status, attempt, reason, rollout }: ReleaseView): string {
  return [status, attempt, reason.code, rollout?.stepIndex, rollout?.phase, rollout?.share].join(' ');
}
