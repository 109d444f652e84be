/**
 * Measures one library in one scenario, beside the floor; its arguments are the library's name, the scenario's, and how
 * many rounds. Tells its parent, which has one process for each: an engine learns from all that ran before.
 */
import type { Snapshot } from '@sluice/sdk/evaluation';
import { answerFloor } from '../floor.js';
import { type AsyncOperation, compareInTurn, type Comparison, type Operation } from '../measure.js';
import { contexts, floorOf } from '../scenario-flags.js';
import { checkAnswers } from './check-answers.js';
import { type PeerScenario, PEER_SCENARIOS, snapshotFor } from './peer-scenarios.js';
import { PEERS } from './peers.js';
import type { Peer, Subject } from './subject.js';

/** Asked for first: it has a rule, and splits in three. */
const FIRST_ASKED = 'flag-3';

const [, , name, id, rounds] = process.argv;
const row = PEERS.find((each) => each.name === name);
const scenario = PEER_SCENARIOS.find((each) => each.id === id);
if (row === undefined || scenario === undefined) throw new Error(`There is no ${name} or no ${id}.`);
const comparison = await measure(await row.load(), scenario, Number(rounds));
// Whatever timers a library keeps: they must not keep this process.
process.send?.(comparison, () => process.exit());

interface Started {
  readonly snapshot: Snapshot;
  readonly keys: readonly string[];
  /** The snapshot as the library reads it. */
  readonly text: string;
}

async function measure(peer: Peer, asked: PeerScenario, roundCount: number): Promise<Comparison> {
  const snapshot = snapshotFor(asked, { alone: peer.isAllOrNothing === true });
  const text = peer.write(snapshot);
  const subject = await peer.start(text);
  await checkAnswers(asked, subject);
  const title = `${asked.id} ${asked.title}`;
  if (asked.kind === 'one' || asked.kind === 'all') {
    const compared = await compareInTurn(
      title,
      roundCount,
      oursOf(asked, subject, snapshot),
      floorOperation(asked, snapshot),
    );
    await subject.close();
    return compared;
  }
  await subject.close();
  const started = { snapshot, text, keys: snapshot.flags.map(({ key }) => key) };
  return compareInTurn(title, roundCount, startOperation(asked, peer, started), startFloor(asked, started));
}

/** From the text to an answer, or to one of each flag: what is left for the first question is done within this. */
function startOperation(asked: PeerScenario, peer: Peer, { keys, text }: Started): AsyncOperation {
  const somebody = contexts.slice(0, 1);
  return async (count) => {
    let answers = 0;
    for (let i = 0; i < count; i += 1) {
      const subject = await peer.start(text);
      const ask = asked.kind === 'start' ? subject.one(FIRST_ASKED, somebody) : subject.all(keys, somebody);
      answers += await ask(1);
      await subject.close();
    }
    if (answers !== count) throw new Error(`${answers} answers after ${count} starts`);
    return answers;
  };
}

/** What is left of it is one map of that many flags, and the look-ups. */
function startFloor(asked: PeerScenario, { keys, snapshot }: Started): Operation {
  const whole = JSON.stringify(snapshot);
  const askedFor = asked.kind === 'start' ? [FIRST_ASKED] : keys;
  return (count) => {
    let found = 0;
    for (let i = 0; i < count; i += 1) {
      // `whole` was written of one.
      const flags = new Map((JSON.parse(whole) as Snapshot).flags.map((flag) => [flag.key, flag]));
      for (const key of askedFor) if (flags.has(key)) found += 1;
    }
    return found;
  };
}

function oursOf(asked: PeerScenario, subject: Subject, snapshot: Snapshot): Operation | AsyncOperation {
  if (asked.kind === 'one') return subject.one(asked.flag().key, contexts);
  return subject.all(
    snapshot.flags.map(({ key }) => key),
    contexts,
  );
}

/** The same questions to a Map look-up and one murmur3. */
function floorOperation(asked: PeerScenario, snapshot: Snapshot): Operation {
  const flags = floorOf(snapshot.flags);
  const keys = asked.kind === 'one' ? [asked.flag().key] : snapshot.flags.map(({ key }) => key);
  const [key = ''] = keys;
  if (keys.length === 1) {
    return (count) => {
      let answers = 0;
      for (let i = 0; i < count; i += 1) {
        const context = contexts[i & 1023];
        if (context !== undefined && answerFloor(flags, key, context.targetingKey) !== undefined) answers += 1;
      }
      return answers;
    };
  }
  const results = new Array<unknown>(keys.length);
  return (count) => {
    for (let i = 0; i < count; i += 1) {
      const targetingKey = contexts[i & 1023]?.targetingKey ?? '';
      for (let k = 0; k < keys.length; k += 1) results[k] = answerFloor(flags, keys[k] ?? '', targetingKey);
    }
    return results.length;
  };
}
