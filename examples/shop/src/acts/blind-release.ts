import { setTimeout as later } from 'node:timers/promises';
import type { VerdictBundle } from '@sluice/server/replay';
import { endingClaim, heldClaims, keptClaim, noFailureClaim, settledClaim, TICKS_HELD } from '../judge-release.js';
import { printClaims, printLine } from '../print.js';
import { stopProgram } from '../processes.js';
import { checkoutAt, isOver, type Release, releaseOf, reportDeployment, watch } from '../release.js';
import type { Stage } from '../stage.js';

const STEPS = [{ share: 5_000, holdSeconds: 2 }, { share: 25_000, holdSeconds: 2 }, { share: 100_000 }];

/** v4 is good, but whom the policy asks about payments goes away in the middle. */
export function releaseBlind(stage: Stage): Promise<boolean> {
  const { api, ci } = stage;
  return stage.withVisitors('/checkout', (load) =>
    stage.withJournal(load, async (journal) => {
      const payments = await stage.play('payments', {});
      const document = {
        steps: STEPS,
        metrics: [{ kind: 'failures', name: 'failures' }, paymentsMetric(payments.url)],
      };
      await api.post('/projects/shop/policies', { key: 'with-payments', name: 'With payments', document });
      await reportDeployment(ci, 'v4');
      const { id } = await ci.post<Release>('/releases', releaseOf('with-payments', checkoutAt('v4')));
      await watch(ci, id, ({ rollout }) => (rollout?.stepIndex ?? 0) > 0);

      await stopProgram(payments);
      printLine('Nobody answers for payments any more.');
      const { release: held } = await watch(ci, id, (release) => isBlind(release) || isOver(release));
      const ticks = await ticksSince(stage, id, await tickOf(stage, id));
      const stillHeld = await ci.get<Release>(`/releases/${id}`);
      printLine(stillHeld.reason.sentence);

      await stage.play('payments', { PORT: new URL(payments.url).port });
      printLine('Payments answer again.');
      const { release } = await watch(ci, id, isOver);
      const from = release.rollout?.revision ?? Infinity;
      await journal.everyone(from);
      return printClaims([
        ...heldClaims(held, stillHeld, ticks),
        endingClaim(release, { status: 'released', code: 'PROMOTED_ON_EVIDENCE' }),
        keptClaim(journal.visits, 'v4'),
        settledClaim(journal.visits, { version: 'v4', from }),
        noFailureClaim(journal.visits),
      ]);
    }),
  );
}

function paymentsMetric(url: string): object {
  return {
    kind: 'query',
    name: 'refused-payments',
    query: { kind: 'json', url: `${url}/status`, path: '$.payments.refusedPercent' },
    judge: { kind: 'threshold', atMost: 2 },
    intervalSeconds: 1,
    consecutiveErrorLimit: 0,
  };
}

function isBlind({ reason }: Release): boolean {
  return reason.code === 'COULD_NOT_ASK';
}

/** Waits until the release has been looked at often enough since; answers how often that was. */
async function ticksSince(stage: Stage, id: string, before: number): Promise<number> {
  for (const deadlineMs = performance.now() + 30_000; ; await later(300)) {
    const ticks = (await tickOf(stage, id)) - before;
    if (ticks >= TICKS_HELD || performance.now() > deadlineMs) return ticks;
  }
}

/** The number of the last tick on record: those that measured something are, and while people buy, something is. */
async function tickOf(stage: Stage, id: string): Promise<number> {
  const { ticks } = await stage.ci.get<VerdictBundle>(`/releases/${id}/verdict`);
  return ticks.at(-1)?.tick ?? 0;
}
