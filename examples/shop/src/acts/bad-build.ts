import { createHash } from 'node:crypto';
import { replayBundle, type VerdictBundle } from '@sluice/server/replay';
import { breachClaims, endingClaim, rejectionClaim, replayClaim, settledClaim } from '../judge-release.js';
import { printClaims, printLine } from '../print.js';
import { checkoutAt, isOver, type Release, releaseOf, reportDeployment, watch } from '../release.js';
import type { Stage } from '../stage.js';

/** v3 is slow and fails for some: what is measured of it takes it back. */
export function rollBackBadBuild(stage: Stage): Promise<boolean> {
  const { ci } = stage;
  return stage.withVisitors('/checkout', (load) =>
    stage.withJournal(load, async (journal) => {
      await reportDeployment(ci, 'v3');
      const draft = releaseOf('brisk', checkoutAt('v3'));
      const { id } = await ci.post<Release>('/releases', draft);
      const { release } = await watch(ci, id, isOver);
      printLine(release.reason.sentence);
      const restoredAt = release.rollout?.revision ?? Infinity;
      await journal.everyone(restoredAt);
      const again = await ci.refusal('/releases', draft);
      const bundle = await ci.get<VerdictBundle>(`/releases/${id}/verdict`);
      const replayed = replayBundle(bundle, (text) => createHash('sha256').update(text).digest('hex'));
      return printClaims([
        endingClaim(release, { status: 'rolledBack', code: 'EVIDENCE_BAD' }),
        ...breachClaims(journal.visits, { version: 'v3', restoredAt }),
        settledClaim(journal.visits, { version: 'v2', from: restoredAt }),
        rejectionClaim(again),
        replayClaim(replayed),
      ]);
    }),
  );
}
