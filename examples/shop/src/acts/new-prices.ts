import { dueClaim, faultClaims, findingsClaim, priceClaim, promptClaim, unservedClaim } from '../judge-run.js';
import { endingClaim, noFailureClaim } from '../judge-release.js';
import { shareClaim } from '../judge.js';
import type { Visit } from '../load.js';
import { observe } from '../observe.js';
import { cartOf, type Price, priceOf } from '../pricing.js';
import { printClaims, printLine, printTitle } from '../print.js';
import { isOver, type Release, releaseOf, watch } from '../release.js';
import { type Finding, RUN_KEY, RUN_PATH, watchCandidate } from '../run-standing.js';
import type { Stage } from '../stage.js';

const FLAG = 'new-prices';
const RETIRE_AFTER_DAYS = 14;
const STEPS = [
  { share: 0, sampling: 10_000 },
  { share: 0, sampling: 100_000, gates: [{ kind: 'certificate' }] },
  { share: 50_000, holdSeconds: 1 },
  { share: 100_000 },
];
const RELEASE = releaseOf(
  'compared',
  { kind: 'parallelRun', run: RUN_KEY },
  { kind: 'flag', flag: FLAG, ramp: { variation: 'on' }, retireAfterDays: RETIRE_AFTER_DAYS },
);
const SETTINGS = {
  demand: {
    tolerance: 0.01,
    // A price takes a microsecond: that it takes two is no matter.
    latencyMargin: null,
    strata: ['EUR', 'USD', 'JPY'].map((stratum) => ({ stratum, minimum: 50 })),
  },
  // All programs of the story share one machine, whose event loops are late for reasons of their own.
  runner: { serve: { flag: FLAG, variation: 'on' }, budget: { addedMs: 5, loopDelayMs: 1_000 } },
};

/** The price is reckoned by new code, which is wrong in yen, and then by a version of it that is not. */
export async function proveNewPrices(stage: Stage): Promise<boolean> {
  const { api } = stage;
  await api.post('/projects/shop/flags', { key: FLAG, type: 'boolean', name: 'New prices', owner: 'team-cart' });
  await api.post('/projects/shop/parallel-runs', { key: RUN_KEY, name: 'Old and new prices', owner: 'team-cart' });
  await api.patch(RUN_PATH, SETTINGS);
  await api.post('/projects/shop/policies', { key: 'compared', name: 'Compared', document: { steps: STEPS } });
  const isRefused = await refuseFault(stage);
  printTitle('   shop v2 is deployed: its new code knows which currencies have cents');
  await stage.deployShop('v2');
  return (await releaseFix(stage)) && isRefused;
}

function refuseFault(stage: Stage): Promise<boolean> {
  const { api, ci } = stage;
  return stage.withVisitors('/cart', (load) =>
    stage.withJournal(load, async (journal) => {
      const { id } = await ci.post<Release>('/releases', RELEASE);
      const { release } = await watch(ci, id, isOver);
      const tookMs = performance.now() - journal.startedMs;
      printLine(release.reason.sentence);
      const standing = await watchCandidate(api, ({ assessment }) => assessment.finding === 'refuted');
      return printClaims([
        endingClaim(release, { status: 'rolledBack', code: 'EVIDENCE_BAD' }),
        promptClaim(tookMs),
        ...faultClaims(standing, { path: '$.total', stratum: 'JPY' }),
        unservedClaim(journal.visits, standing),
        priceClaim(journal.visits, isRight),
      ]);
    }),
  );
}

function releaseFix(stage: Stage): Promise<boolean> {
  const { api, ci } = stage;
  return stage.withVisitors('/cart', (load) =>
    stage.withJournal(load, async (journal) => {
      const { id } = await ci.post<Release>('/releases', RELEASE);
      const { release } = await watch(ci, id, isOver);
      printLine(release.reason.sentence);
      const from = release.rollout?.revision ?? Infinity;
      await journal.everyone(from);
      const { assessment } = await watchCandidate(api, ({ total }) => total.candidateVersion === 'v2');
      printLine(`v2 is ${assessment.finding}: ${assessment.sentence}`);
      const { items } = await api.get<{ items: readonly Finding[] }>(`${RUN_PATH}/certificates`);
      const { dueAt } = await api.get<{ dueAt: string | null }>(`/projects/shop/flags/${FLAG}`);
      return printClaims([
        endingClaim(release, { status: 'released', code: 'PROMOTED_ON_EVIDENCE' }),
        findingsClaim(items, { refuted: 'v1', certified: 'v2' }),
        shareClaim(100, observe(journal.visits, { from, sinceMs: 0, isNew: hasNewPrices }), 'the new prices'),
        priceClaim(journal.visits, isRight),
        noFailureClaim(journal.visits),
        dueClaim(dueAt, RETIRE_AFTER_DAYS, new Date()),
      ]);
    }),
  );
}

/** As the old code has it. */
function isRight(user: string, { currency, total }: Price): boolean {
  const expected = priceOf(cartOf(user));
  return currency === expected.currency && total === expected.total;
}

function hasNewPrices(visit: Visit): boolean {
  return visit.hasNewPrices;
}
