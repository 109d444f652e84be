import { endingClaim, noFailureClaim, sameClaim, togetherClaims } from '../judge-release.js';
import { printClaims, printLine } from '../print.js';
import { checkoutAt, type Release, releaseOf, reportDeployment, watch } from '../release.js';
import type { Stage } from '../stage.js';

const STEPS = [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }];
const CHANGES = [
  { kind: 'flag', flag: 'gift-note', edit: { on: true, defaultServe: { variation: 'on' } } },
  { kind: 'flag', flag: 'new-cart', edit: { on: true, defaultServe: { variation: 'off' } }, ramp: { variation: 'on' } },
  checkoutAt('v5'),
];

/** An edit of one flag, the ramp of another and a build go live together, and a person takes them back. */
export function takeBackTogether(stage: Stage): Promise<boolean> {
  const { api, ci } = stage;
  return stage.withVisitors('/checkout', (load) =>
    stage.withJournal(load, async (journal) => {
      await api.post('/projects/shop/flags', { key: 'gift-note', type: 'boolean', name: 'Gift note' });
      await api.post('/projects/shop/policies', { key: 'patient', name: 'Patient', document: { steps: STEPS } });
      await reportDeployment(ci, 'v5');
      const before = await standing(stage);

      const { id } = await ci.post<Release>('/releases', releaseOf('patient', ...CHANGES));
      const { release } = await watch(ci, id, ({ rollout }) => rollout !== null);
      const released = release.rollout?.revision ?? NaN;
      await journal.everyone(released);
      printLine('A tenth has the new cart and v5, and everybody a gift note. It is taken back by hand.');
      const rolledBack = await ci.post<Release>(`/releases/${id}/rollback`, { reason: 'the gift notes are empty' });
      const restored = rolledBack.rollout?.revision ?? NaN;
      await journal.everyone(restored);
      return printClaims([
        endingClaim(rolledBack, { status: 'rolledBack', code: 'ROLLED_BACK_BY_HAND' }),
        ...togetherClaims(journal.visits, { released, restored, version: 'v5' }, 'v4'),
        sameClaim(before, await standing(stage), 'both flags and the checkout'),
        noFailureClaim(journal.visits),
      ]);
    }),
  );
}

/** What flags decide, and where callers of the checkout are to be sent. */
async function standing({ api }: Stage): Promise<unknown> {
  const settings = ['gift-note', 'new-cart'].map(async (flag) => {
    const path = `/projects/shop/flags/${flag}/environments/production`;
    const { version: _version, updatedAt: _updatedAt, ...content } = await api.get<Record<string, unknown>>(path);
    return content;
  });
  const { items } = await api.get<{ items: readonly { environment: string; desired: unknown }[] }>(
    '/projects/shop/services/checkout/environments',
  );
  const desired = items.find(({ environment }) => environment === 'production')?.desired;
  return [...(await Promise.all(settings)), desired];
}
