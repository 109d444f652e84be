import { endingClaim, keptClaim, noFailureClaim, settledClaim, shiftClaims } from '../judge-release.js';
import { printClaims, printLine } from '../print.js';
import { checkoutAt, isOver, type Release, releaseOf, reportDeployment, watch } from '../release.js';
import type { Stage } from '../stage.js';

const STEPS = [
  { share: 5_000, holdSeconds: 2, minimumUnits: 50 },
  { share: 25_000, holdSeconds: 2, minimumUnits: 250 },
  { share: 100_000 },
];
const METRICS = [
  { kind: 'failures', name: 'failures' },
  { kind: 'slow', name: 'slow', duration: 'checkout.request', slowerThanMs: 250 },
];

/** v1 is what there is; v2 is released under a policy, which ramps it by itself. */
export function releaseGoodBuild(stage: Stage): Promise<boolean> {
  const { api, ci } = stage;
  return stage.withVisitors('/checkout', async (load) => {
    await reportDeployment(ci, 'v1');
    const document = { steps: STEPS, metrics: METRICS, bakeSeconds: 1 };
    await api.post('/projects/shop/policies', { key: 'brisk', name: 'Brisk', document });
    await stage.withJournal(load, async (journal) => journal.everyone(await stage.revision()));

    return stage.withJournal(load, async (journal) => {
      await reportDeployment(ci, 'v2');
      const { id } = await ci.post<Release>('/releases', releaseOf('brisk', checkoutAt('v2')));
      const { release, shifts } = await watch(ci, id, isOver);
      printLine(release.reason.sentence);
      const from = release.rollout?.revision ?? Infinity;
      await journal.everyone(from);
      const { visits } = journal;
      return printClaims([
        endingClaim(release, { status: 'released', code: 'PROMOTED_ON_EVIDENCE' }),
        ...shiftClaims(shifts, visits, { version: 'v2', shares: STEPS.map(({ share }) => share) }),
        keptClaim(visits, 'v2'),
        settledClaim(visits, { version: 'v2', from }),
        noFailureClaim(visits),
      ]);
    });
  });
}
