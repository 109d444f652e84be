import { setTimeout as later } from 'node:timers/promises';
import { printClaims, printLine } from '../print.js';
import { INSTANCES, type Stage } from '../stage.js';

/** What the control plane knows of it all. */
export async function closeBooks(stage: Stage): Promise<boolean> {
  const { api } = stage;
  const reach = await reachOf(stage);
  const usage = await api.get<{ items: readonly { environment: string; lastEvaluatedAt: string | null }[] }>(
    '/projects/shop/flags/new-cart/usage',
  );
  const audit = await api.get<{ isIntact: boolean; entries: number }>('/audit/verify');
  const lastEvaluatedAt = usage.items.find(({ environment }) => environment === 'production')?.lastEvaluatedAt;
  printLine(`revision ${reach.environmentRevision}, served by ${reach.current} of ${reach.instances} SDK instances`);
  printLine(`new-cart was last evaluated at ${lastEvaluatedAt ?? '–'}`);
  return printClaims([
    { sentence: `all SDK instances confirm the newest revision`, isTrue: reach.current === INSTANCES.length },
    { sentence: `evaluations were counted`, isTrue: typeof lastEvaluatedAt === 'string' },
    { sentence: `the audit chain of ${audit.entries} entries is whole`, isTrue: audit.isIntact },
  ]);
}

interface Reach {
  readonly environmentRevision: number;
  readonly instances: number;
  readonly current: number;
}

/** Asks until every instance has confirmed the newest revision, for at most ten seconds: they report every second. */
async function reachOf({ api }: Stage): Promise<Reach> {
  for (const deadlineMs = performance.now() + 10_000; ; await later(100)) {
    const { summary } = await api.get<{ summary: Reach }>('/projects/shop/environments/production/instances');
    if (summary.current === INSTANCES.length || performance.now() > deadlineMs) return summary;
  }
}
