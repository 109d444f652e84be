import { expect, it } from '@jest/globals';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { FakeTransactions } from '../../test/fakes/fake-transactions.js';
import { RunSumsRepository } from './run-sums.repository.js';
import { RunWatch } from './run-watch.service.js';
import type { TouchedRun } from './touched-run.js';

const run = (runId: string, state: string): TouchedRun => ({ runId, environmentId: 'e', state });

function watchOver() {
  const clock = new FakeClock('2026-01-01T12:00:00.000Z');
  const sums = new RunSumsRepository();
  const asked: Date[] = [];
  const store = { touched: [] as readonly TouchedRun[], asked, clock };
  sums.listTouched = (_tx, since) => {
    asked.push(since);
    return Promise.resolve(store.touched);
  };
  return { store, watch: new RunWatch(new FakeTransactions(), sums, clock) };
}

it('looks at all there is first, and then at what came since, with some overlap', async () => {
  const { store, watch } = watchOver();
  await watch.look();
  store.clock.advance(1_000);
  await watch.look();
  expect(store.asked).toEqual([new Date(0), new Date('2026-01-01T11:59:30.000Z')]);
});

it('hands a run out until it was reviewed, and again when more was added', async () => {
  const { store, watch } = watchOver();
  store.touched = [run('a', '1'), run('b', '1')];
  expect(await watch.look()).toEqual([run('a', '1'), run('b', '1')]);
  watch.settle(run('a', '1'));
  expect(await watch.look()).toEqual([run('b', '1')]);
  // Within the overlap nobody added to b any more; it is still to be reviewed.
  store.touched = [run('a', '2')];
  expect((await watch.look()).map(({ runId }) => runId).sort()).toEqual(['a', 'b']);
  watch.settle(run('a', '2'));
  watch.settle(run('b', '1'));
  expect(await watch.look()).toEqual([]);
});

it('hands a run out again that was added to while it was reviewed', async () => {
  const { store, watch } = watchOver();
  store.touched = [run('a', '1')];
  await watch.look();
  store.touched = [run('a', '2')];
  await watch.look();
  watch.settle(run('a', '1'));
  expect(await watch.look()).toEqual([run('a', '2')]);
});
