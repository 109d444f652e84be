import { contexts, type Person } from '../scenario-flags.js';
import type { PeerScenario } from './peer-scenarios.js';
import type { Subject } from './subject.js';

/** Persons for whom a split must come out near its shares. */
const CROWD = 4_000;
/** Of a share's standard error: an honest hash misses this once in fifteen thousand. */
const TOLERATED_ERRORS = 4;

const person: Person = {
  targetingKey: 'nobody',
  country: 'FR',
  plan: 'pro',
  email: 'someone@example.org',
  age: 40,
  version: '4.7.1',
};

/** Whom S2's rules must tell apart, with what they must get. */
const RULED: readonly (readonly [Readonly<Record<string, string | number>>, string])[] = [
  [{}, 'off'],
  [{ country: 'AT' }, 'on'],
  [{ plan: 'free' }, 'on'],
  [{ email: 'someone@sluice.test' }, 'on'],
  [{ age: 17 }, 'on'],
  [{ age: 18 }, 'off'],
  [{ country: 'CH' }, 'on'],
];

/** Throws where a library answers wrongly: what is quick and wrong is no figure. */
export async function checkAnswers(scenario: PeerScenario, subject: Subject): Promise<void> {
  switch (scenario.id) {
    case 'S1':
      for (const each of [person, ...contexts.slice(0, 20)]) await expectVariation(subject, 's1', each, 'on');
      return;
    case 'S2':
      for (const [parts, wanted] of RULED) await expectVariation(subject, 's2', { ...person, ...parts }, wanted);
      return;
    case 'S3':
      return checkShares(subject, 's3', { on: 0.1, off: 0.9 });
    case 'S4':
      return checkShares(subject, 's4', { on: 0.33, off: 0.33, third: 0.34 });
    case 'S5':
      for (const member of contexts.slice(0, 20)) await expectVariation(subject, 's5', member, 'on');
      return expectVariation(subject, 's5', person, 'off');
    default:
      return checkMixed(scenario.kind === 'one' ? 0 : scenario.flags, subject);
  }
}

async function checkShares(subject: Subject, key: string, wanted: Readonly<Record<string, number>>): Promise<void> {
  const counts = new Map<string | undefined, number>();
  for (let i = 0; i < CROWD; i += 1) {
    const each = { ...person, targetingKey: `person-${i * 7919}` };
    const variation = await subject.variation(key, each);
    if (variation !== (await subject.variation(key, each)))
      throw new Error(`${key}: a second question, another answer`);
    counts.set(variation, (counts.get(variation) ?? 0) + 1);
  }
  for (const [variation, share] of Object.entries(wanted)) {
    expectShare(`${key} ${variation}`, (counts.get(variation) ?? 0) / CROWD, { share, of: CROWD });
  }
}

/** Asks for all flags at once, for a person who meets one kind of rule and for one who meets none. */
async function checkMixed(flags: number, subject: Subject): Promise<void> {
  const keys = Array.from({ length: flags }, (_, index) => `flag-${index}`);
  const plain = await subject.variations(keys, { ...person, plan: 'enterprise' });
  const met = await subject.variations(keys, { ...person, country: 'DE' });
  const of = (answers: readonly unknown[], kind: number): readonly unknown[] =>
    answers.filter((_, index) => index % 4 === kind);
  expectAll(of(plain, 0), 'on', 'flags that are on');
  expectAll(of(plain, 2), 'off', 'flags whose rule nobody meets');
  expectAll(of(met, 2), 'on', 'flags whose rule is met');
  expectAll(of(met, 3), 'on', 'split flags whose rule is met');
  const share = (answers: readonly unknown[], variation: string): number =>
    answers.filter((each) => each === variation).length / answers.length;
  expectShare('tenths on', share(of(plain, 1), 'on'), { share: 0.1, of: flags / 4 });
  for (const variation of ['on', 'off', 'third']) {
    const wanted = variation === 'third' ? 0.34 : 0.33;
    expectShare(`thirds ${variation}`, share(of(plain, 3), variation), { share: wanted, of: flags / 4 });
  }
}

async function expectVariation(subject: Subject, key: string, who: Person, wanted: string): Promise<void> {
  const variation = await subject.variation(key, who);
  if (variation !== wanted)
    throw new Error(`${key} is ${String(variation)}, not ${wanted}, for ${JSON.stringify(who)}`);
}

function expectAll(answers: readonly unknown[], wanted: string, what: string): void {
  const wrong = answers.find((each) => each !== wanted);
  if (answers.length === 0 || wrong !== undefined) throw new Error(`${what}: ${String(wrong)}, not ${wanted}`);
}

function expectShare(what: string, met: number, { share, of }: { readonly share: number; readonly of: number }): void {
  const error = Math.sqrt((share * (1 - share)) / of);
  if (Math.abs(met - share) > TOLERATED_ERRORS * error) throw new Error(`${what}: ${met}, not about ${share}`);
}
