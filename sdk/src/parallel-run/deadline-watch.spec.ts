import { beforeEach, expect, it } from '@jest/globals';
import { FakeRuntime } from '../../test/fake-runtime.js';
import { DeadlineWatch, type Watched } from './deadline-watch.js';

let runtime: FakeRuntime;
let watch: DeadlineWatch;
let givenUp: string[];

class Work implements Watched {
  dueMs: number | undefined = undefined;
  older: Watched | undefined = undefined;
  younger: Watched | undefined = undefined;

  constructor(
    readonly name: string,
    readonly deadlineMs: number,
    private readonly then: (work: Work) => void = (work) => watch.delete(work),
  ) {}

  giveUp(): void {
    givenUp.push(this.name);
    this.then(this);
  }
}

beforeEach(() => {
  runtime = new FakeRuntime();
  watch = new DeadlineWatch(runtime);
  givenUp = [];
});

it('gives up what is due, nothing before, and looks no more once nothing is left', async () => {
  for (const work of [new Work('a', 100), new Work('b', 300)]) watch.add(work);
  await runtime.advance(90);
  expect(givenUp).toEqual([]);
  await runtime.advance(60);
  expect(givenUp).toEqual(['a']);
  await runtime.advance(250);
  expect([givenUp, runtime.timers]).toEqual([['a', 'b'], 0]);
});

it('forgets what is deleted, wherever it stands, and minds neither a second time nor a stranger', async () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => new Work(name, 100)) as [Work, Work, Work, Work]; // of four names
  for (const work of [a, b, c, d]) watch.add(work);
  for (const work of [b, a, d, d, new Work('stranger', 1)]) watch.delete(work);
  await runtime.advance(200);
  expect(givenUp).toEqual(['c']);
});

it('gives up the oldest first', async () => {
  for (const name of ['a', 'b', 'c']) watch.add(new Work(name, 100));
  await runtime.advance(200);
  expect(givenUp).toEqual(['a', 'b', 'c']);
});

it('gives up again what stays', async () => {
  const stubborn = new Work('a', 100, () => undefined);
  watch.add(stubborn);
  await runtime.advance(400);
  expect(givenUp.length).toBeGreaterThan(1);
  watch.stop();
  expect(runtime.timers).toBe(0);
});

it('takes in what is added while it gives up, by the one timer that it has', async () => {
  watch.add(new Work('a', 100, (work) => (watch.delete(work), watch.add(new Work('b', 100)))));
  await runtime.advance(150);
  expect([givenUp, runtime.timers]).toEqual([['a'], 1]);
  await runtime.advance(200);
  expect([givenUp, runtime.timers]).toEqual([['a', 'b'], 0]);
});
