import { type Act, claimsOf } from '../judge.js';
import { observe } from '../observe.js';
import { printClaims, printLine, printShare, printTitle } from '../print.js';
import { INSTANCES, type Stage } from '../stage.js';

const FLAG = '/projects/shop/flags/new-cart';

/** A flag is created, ramped by hand from 0 to 100 % and killed, while visitors say what they really get. */
export function rampFlag(stage: Stage): Promise<boolean> {
  return stage.withVisitors('/cart', async (load) => {
    const flag = { key: 'new-cart', type: 'boolean', name: 'New cart', owner: 'team-cart' };
    await stage.api.post('/projects/shop/flags', flag);
    let before: Act | undefined;
    let isTrue = true;
    for (const [name, askedPercent, edit] of SCENES) {
      printTitle(`   ${name}`);
      const observation = await stage.withJournal(load, async (journal) => {
        await stage.api.patch(`${FLAG}/environments/production`, edit);
        const from = await stage.revision();
        await journal.everyone(from);
        return observe(journal.visits, {
          from,
          sinceMs: journal.startedMs,
          isNew: ({ design }) => design === 'new',
        });
      });
      const act: Act = { name, askedPercent, observation };
      printShare(observation.newUsers.size, observation.allUsers.size, 'the new cart');
      const reach = INSTANCES.map((each) => `${each} ${observation.reachMs.get(each)?.toFixed(0) ?? '–'} ms`);
      printLine(`from the API call to the first user served: ${reach.join(', ')}`);
      isTrue = printClaims(claimsOf(act, before)) && isTrue;
      before = act;
    }
    const { requests, failures } = load;
    const sentence = `none of ${requests} requests failed (${failures} did)`;
    return printClaims([{ sentence, isTrue: failures === 0 }]) && isTrue;
  });
}

const SCENES: readonly (readonly [name: string, askedPercent: number, edit: object])[] = [
  ['0 %: deployed, not released', 0, share(0)],
  ['10 %', 10, share(10)],
  ['50 %', 50, share(50)],
  ['100 %: released', 100, share(100)],
  ['The kill switch', 0, { on: false }],
];

function share(percent: number): object {
  const shares = [
    { variation: 'on', share: percent * 1_000 },
    { variation: 'off', share: 100_000 - percent * 1_000 },
  ];
  return { on: true, defaultServe: { split: { shares } } };
}
