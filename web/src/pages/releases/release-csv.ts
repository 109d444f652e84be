import { toCsv } from '../../util/csv.js';
import type { ReleaseRow } from './releases-query.js';

const HEADER = [
  ...['id', 'name', 'environment', 'status', 'sentence', 'share_percent', 'verdict', 'step', 'steps', 'step_since'],
  ...['policy', 'created_at', 'created_by'],
];
/** Shares are thousandths of a percent. */
const PERCENT = 1_000;

/** Releases as a table for elsewhere: moments in RFC 3339, the share that was asked for in percent. */
export function releasesCsv(releases: readonly ReleaseRow[]): string {
  return toCsv(
    HEADER,
    releases.map(({ id, name, environment, status, sentence, rollout, stepSince, ...rest }) => [
      ...[id, name, environment, status, sentence],
      ...[rollout && rollout.share / PERCENT, rollout?.verdict, rollout && rollout.stepIndex + 1, rollout?.steps],
      ...[stepSince, rest.policyKey, rest.createdAt, rest.createdByName],
    ]),
  );
}
