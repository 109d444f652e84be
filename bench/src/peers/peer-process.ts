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

const [, , name, id, rounds] = process.argv;
const row = PEERS.find((each) => each.name === name);
const scenario = PEER_SCENARIOS.find((each) => each.id === id);
if (row === undefined || scenario === undefined) throw new Error(`There is no ${name} or no ${id}.`);
const comparison = await measure(await row.load(), scenario, Number(rounds));
// Whatever timers a library keeps: they must not keep this process.
process.send?.(comparison, () => process.exit());

async function measure(peer: Peer, asked: PeerScenario, roundCount: number): Promise<Comparison> {
  const snapshot = snapshotFor(asked, { alone: peer.isAllOrNothing === true });
  const text = peer.write(snapshot);
  const subject = await peer.start(text);
  await checkAnswers(asked, subject);
  const title = `${asked.id} ${asked.title}`;
  if (asked.kind !== 'start') {
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
  const whole = JSON.stringify(snapshot);
  return compareInTurn(
    title,
    roundCount,
    async (count) => {
      for (let i = 0; i < count; i += 1) await (await peer.start(text)).close();
      return count;
    },
    (count) => {
      let flags = 0;
      for (let i = 0; i < count; i += 1) {
        // What is left of this is one map of that many flags.
        flags += new Map((JSON.parse(whole) as Snapshot).flags.map((flag) => [flag.key, flag])).size;
      }
      return flags;
    },
  );
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
