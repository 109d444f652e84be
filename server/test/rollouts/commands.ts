import fc from 'fast-check';
import { FlagSettingsService } from '../../src/flags/flag-settings.service.js';
import { SluiceError } from '../../src/kernel/errors.js';
import { PoliciesService } from '../../src/policies/policies.service.js';
import type { Release } from '../../src/releases/release.js';
import { ReleaseCommands } from '../../src/releases/release-commands.service.js';
import { ReleaseQueue } from '../../src/releases/release-queue.service.js';
import { ReleasesRepository } from '../../src/releases/releases.repository.js';
import { ReleasesService } from '../../src/releases/releases.service.js';
import { RolloutEngine } from '../../src/rollouts/rollout-engine.service.js';
import { Killed } from './faulty-transactions.js';
import type { Invariants } from './invariants.js';
import { OWNER, type Process, type RampWorld, REVIEWER } from './ramp-world.js';

/** The model knows nothing but what happened: the rules are invariants of the store. */
export interface Happened {
  kills: number;
  ends: number;
}

export interface System {
  readonly world: RampWorld;
  readonly invariants: Invariants;
  /** Workers that woke long ago and have not written yet. */
  readonly late: (() => Promise<void>)[];
}

type Act = (world: RampWorld, process: Process) => Promise<unknown>;
type Command = fc.AsyncCommand<Happened, System>;

const CART = { kind: 'flag', flag: 'cart', ramp: { variation: 'on' } };
const BANNER_ON = { kind: 'flag', flag: 'banner', edit: { on: true, defaultServe: { variation: 'on' } } };
const CHANGES = {
  cart: [CART, BANNER_ON],
  v2: [{ kind: 'service', service: 'checkout', version: 'v2' }, CART],
  v3: [{ kind: 'service', service: 'checkout', version: 'v3' }],
} as const;

const reason = 'because';

async function newest({ store, projectId }: RampWorld, nth: number): Promise<Release | undefined> {
  const all = await store.run((tx) =>
    new ReleasesRepository().listPage(tx, projectId, { limit: 50, after: undefined }, {}),
  );
  return all[nth % Math.max(1, all.length)];
}

/** A command of a person, given to the newest releases. */
function commanded(nth: number, give: (commands: ReleaseCommands, id: string) => Promise<unknown>): Act {
  return async (world, { services }) => {
    const release = await newest(world, nth);
    if (release !== undefined) await give(services.get(ReleaseCommands), release.id);
  };
}

function create(what: keyof typeof CHANGES, hasOverride: boolean): Act {
  return (world, { services }) =>
    services.get(ReleasesService).create(OWNER, {
      project: world.projectKey,
      environment: 'production',
      policy: 'ramp',
      changes: CHANGES[what],
      start: true,
      ...(hasOverride ? { overrideRejection: reason } : {}),
    });
}

const tick: Act = async (world, { services }) => {
  for (const { id } of await world.running()) await services.get(RolloutEngine).tick(id);
};

const startQueued: Act = (_world, { services }) => services.get(ReleaseQueue).startDue();

function editByHand(flag: string, isOn: boolean, takeOver: string | undefined): Act {
  return (world, { services }) => {
    const at = { project: world.projectKey, environment: 'production', flag };
    const terms = { expected: { kind: 'any' }, takeOver } as const;
    return services.get(FlagSettingsService).edit(OWNER, at, terms, { on: isOn, defaultServe: { variation: 'off' } });
  };
}

function editPolicy(revision: number): Act {
  return (world, { services }) => {
    const at = { project: world.projectKey, policy: 'ramp' };
    return services.get(PoliciesService).edit(OWNER, at, { kind: 'any' }, { document: world.policy(revision) });
  };
}

/** Refusals are answers; anything else that goes wrong is a bug. */
async function ignoringRefusals(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
  }
}

/** What a process does, before which it may be killed at any call it makes. */
class Do implements Command {
  constructor(
    private readonly name: string,
    private readonly act: Act,
    private readonly killAt: number | undefined,
    private readonly hand: string | undefined = undefined,
  ) {}

  check = () => true;

  async run(model: Happened, { world, invariants }: System): Promise<void> {
    const [process] = world.processes;
    if (this.hand !== undefined) invariants.editedByHand.add(this.hand);
    if (this.killAt !== undefined) process.transactions.killBefore(this.killAt);
    try {
      await ignoringRefusals(() => this.act(world, process));
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      model.kills += 1;
    }
    if (this.killAt !== undefined) world.restart(0);
    await invariants.check();
  }

  toString(): string {
    return this.killAt === undefined ? this.name : `${this.name}, killed before call ${this.killAt}`;
  }
}

/** Several commands, with a look at everything after each. */
class InTurn implements Command {
  constructor(private readonly parts: readonly Command[]) {}

  check = () => true;

  async run(model: Happened, system: System): Promise<void> {
    for (const part of this.parts) await part.run(model, system);
  }

  toString = () => this.parts.join(', then ');
}

/** Both processes look at the same rollouts at the same moment. */
class TickTwice implements Command {
  check = () => true;

  async run(_model: Happened, { world, invariants }: System): Promise<void> {
    await Promise.all(world.processes.map((process) => ignoringRefusals(() => tick(world, process))));
    await invariants.check();
  }

  toString = () => 'two processes tick';
}

/** The second process looks, and is then left without a turn: what it found is written whenever it wakes. */
class FallAsleep implements Command {
  check = () => true;

  async run(_model: Happened, { world, late }: System): Promise<void> {
    const process = world.processes[1];
    const wake = process.transactions.holdUp();
    const [first] = await world.running();
    const asleep =
      first === undefined
        ? Promise.resolve()
        : ignoringRefusals(() => process.services.get(RolloutEngine).tick(first.id));
    late.push(async () => {
      wake();
      await asleep;
    });
    world.restart(1);
  }

  toString = () => 'a worker looks and falls asleep';
}

class WakeUp implements Command {
  check = () => true;

  async run(_model: Happened, { invariants, late }: System): Promise<void> {
    for (const wake of late.splice(0)) {
      await wake();
      await invariants.check();
    }
  }

  toString = () => 'late workers wake';
}

const nth = fc.nat({ max: 2 });
/** A tick that waits makes some fifteen calls, one that moves or a start up to sixty. */
const killAt = fc.option(fc.oneof(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 60 })), {
  nil: undefined,
  freq: 2,
});

/** Time passes under some weather, and then the first process ticks. */
const round: fc.Arbitrary<Command> = fc
  .record({
    seconds: fc.constantFrom(5, 31, 45, 70),
    isBad: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    provider: fc.oneof<fc.WeightedArbitrary<RampWorld['provider']>[]>(
      { weight: 5, arbitrary: fc.constant('good') },
      { weight: 1, arbitrary: fc.constant('bad') },
      { weight: 4, arbitrary: fc.constantFrom('none', 'down') },
    ),
    hasLaggard: fc.constantFrom(false, false, false, true),
    ticks: fc.integer({ min: 1, max: 3 }),
    at: killAt,
  })
  .map(({ seconds, isBad, provider, hasLaggard, ticks, at }) => {
    const weather = `${isBad ? 'bad' : 'good'} candidate, ${provider} provider, ${hasLaggard ? 'a' : 'no'} laggard`;
    const act: Act = async (world, process) => {
      Object.assign(world, { isCandidateBad: isBad, provider, hasLaggard });
      await world.pass(seconds);
      await tick(world, process);
    };
    const name = `${seconds} s and a tick (${weather})`;
    return new InTurn(Array.from({ length: ticks }, (_, index) => new Do(name, act, index === 0 ? at : undefined)));
  });

const people: readonly fc.Arbitrary<Act>[] = [
  nth.map((n) => commanded(n, (commands, id) => commands.pause(OWNER, id, reason))),
  nth.map((n) => commanded(n, (commands, id) => commands.resume(OWNER, id))),
  nth.map((n) => commanded(n, (commands, id) => commands.approve(REVIEWER, id, ''))),
  nth.map((n) => commanded(n, (commands, id) => commands.skip(OWNER, id, { to: 'next' }))),
  nth.map((n) => commanded(n, (commands, id) => commands.skip(OWNER, id, { to: 'last' }))),
  nth.map((n) => commanded(n, (commands, id) => commands.abort(OWNER, id, reason))),
  nth.map((n) => commanded(n, (commands, id) => commands.rollBack(OWNER, id, reason))),
  fc
    .tuple(nth, fc.constantFrom(null, reason))
    .map(([n, overrideRejection]) => commanded(n, (commands, id) => commands.start(OWNER, id, { overrideRejection }))),
  fc.nat({ max: 9 }).map((revision) => editPolicy(revision)),
];
const NAMES = [
  'pause',
  'resume',
  'approve',
  'skip a step',
  'promote',
  'abort',
  'roll back',
  'retry',
  'edit the policy',
];

/** What every run begins with: else most of what follows has nothing to meet. */
export async function begin({ world, invariants }: System, what: keyof typeof CHANGES): Promise<void> {
  await invariants.check();
  await create(what, false)(world, world.processes[0]);
  await invariants.check();
}

const release: fc.Arbitrary<Command> = fc
  .tuple(fc.constantFrom('cart' as const, 'v2' as const, 'v3' as const), fc.boolean(), killAt)
  .map(([what, override, at]) => new Do(`release ${what}`, create(what, override), at));

/** All that happens, ticks and time more often than the rest. */
export const commands: readonly fc.Arbitrary<Command>[] = [
  ...Array.from({ length: 8 }, () => round),
  release,
  release,
  release,
  killAt.map((at) => new Do('start what is queued', startQueued, at)),
  ...people.map((person, index) =>
    fc.tuple(person, killAt).map(([act, at]) => new Do(NAMES[index] ?? 'command', act, at)),
  ),
  fc
    .tuple(fc.constantFrom('cart', 'banner'), fc.boolean(), fc.constantFrom(undefined, reason), killAt)
    .map(([flag, isOn, takeOver, at]) => {
      const how = takeOver === undefined ? 'edited by hand' : 'taken over';
      return new Do(`${flag} is ${how}`, editByHand(flag, isOn, takeOver), at, `flag/${flag}`);
    }),
  fc.constant(new TickTwice()),
  fc.constant(new FallAsleep()),
  fc.constant(new WakeUp()),
];

/** When all is well again and everybody approves, every ramp comes to an end. */
export async function comeToEnd({ world, invariants, late }: System, model: Happened): Promise<void> {
  await new WakeUp().run(model, { world, invariants, late });
  [world.isCandidateBad, world.provider, world.hasLaggard] = [false, 'good', false];
  for (let round = 0; round < 60; round += 1) {
    await world.pass(35);
    const [process] = world.processes;
    const running = await world.running();
    for (const { releaseId, ramp } of running) {
      const given = process.services.get(ReleaseCommands);
      if (ramp.paused !== null) await given.resume(OWNER, releaseId);
      if (ramp.reason.code === 'APPROVAL_MISSING') await given.approve(REVIEWER, releaseId, '');
    }
    await startQueued(world, process);
    await tick(world, process);
    await invariants.check();
    if ((await world.running()).length === 0) {
      model.ends += 1;
      return;
    }
  }
  const stuck = (await world.running()).map(({ ramp }) => `${ramp.phase} ${ramp.stepIndex}: ${ramp.reason.sentence}`);
  throw new Error(`Some ramps never ended: ${stuck.join('; ')}`);
}
