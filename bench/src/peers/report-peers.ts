import type { Comparison } from '../measure.js';
import { duration, size, times } from '../report/figures.js';
import { markdownTable } from '../report/markdown-table.js';
import { describeMachine, versionOf, writeSection } from '../report/write-section.js';
import { startProcess } from '../start-process.js';
import { type PeerScenario, PEER_SCENARIOS } from './peer-scenarios.js';
import { type PeerRow, PEERS } from './peers.js';

const ROUNDS = 15;
const QUICK_ROUNDS = 3;
/** What our evaluator may cost, in multiples of the floor. */
const MAX_RATIO = 2;

type Measured = ReadonlyMap<PeerRow, ReadonlyMap<PeerScenario, Comparison>>;

/** Measures every library in every scenario and writes the table; true when ours is quickest in all of them. */
export async function reportPeers({ quick }: { readonly quick: boolean }): Promise<boolean> {
  const rounds = quick ? QUICK_ROUNDS : ROUNDS;
  const measured = new Map<PeerRow, Map<PeerScenario, Comparison>>(PEERS.map((row) => [row, new Map()]));
  for (const scenario of PEER_SCENARIOS) {
    for (const row of PEERS) {
      const words = [row.name, scenario.id, String(rounds)];
      const { message } = await startProcess<Comparison>('peers/peer-process.js', words, {
        nodeArguments: ['--expose-gc'],
      });
      measured.get(row)?.set(scenario, message);
      console.log(
        `${scenario.id} ${row.name}: ${duration(message.ours.nsPerOp)}, ${times(message.ratio)} of its floor`,
      );
    }
  }
  const standings = [false, true].flatMap((isThroughOpenFeature) =>
    PEER_SCENARIOS.map((scenario) => standingOf(measured, scenario, isThroughOpenFeature)),
  );
  writeSection('peers', textOf(measured, standings, rounds), { quick });
  return standings.every(({ isFirst, isRace }) => isFirst || !isRace);
}

function textOf(measured: Measured, standings: readonly Standing[], rounds: number): string {
  const head = ['', ...PEER_SCENARIOS.map(({ id }) => id)];
  const cells = (row: PeerRow, cell: (comparison: Comparison) => string): readonly string[] =>
    PEER_SCENARIOS.map((scenario) => {
      const comparison = measured.get(row)?.get(scenario);
      return comparison === undefined ? '—' : cell(comparison);
    });
  const rows = PEERS.map((row) => [
    nameOf(row),
    ...cells(row, ({ ours, ratio }) => `${duration(ours.nsPerOp)} (${times(ratio)})`),
  ]);
  const bytes = PEERS.map((row) => [row.name, ...cells(row, ({ ours }) => size(ours.bytesPerOp))]);
  const floors = PEER_SCENARIOS.map((scenario) => duration(floorOf(measured, scenario)));
  return `
${describeMachine()}; medians of ${rounds} rounds, each library in each scenario in a process of its own, in turn with the
floor: a Map look-up and one murmur3 (S7, S8: \`JSON.parse\` of our snapshot and one Map). In parentheses: multiples of the floor
in the same process.

${PEER_SCENARIOS.map(({ id, title }) => `- ${id}: ${title}`).join('\n')}

${markdownTable(head, [...rows, ['floor', ...floors]])}

${standings.map(({ text }) => `- ${text}`).join('\n')}

Bytes allocated per call:

${markdownTable(head, bytes)}
`;
}

interface Standing {
  readonly isFirst: boolean;
  /** Whether it is to be first; what is only told beside another shows what that put off. */
  readonly isRace: boolean;
  readonly text: string;
}

/** Where the quickest way to ask ours stands among those that somebody else wrote. */
function standingOf(measured: Measured, scenario: PeerScenario, isThroughOpenFeature: boolean): Standing {
  const costs = PEERS.flatMap((row) => {
    const comparison = row.isThroughOpenFeature === isThroughOpenFeature ? measured.get(row)?.get(scenario) : undefined;
    return comparison === undefined ? [] : [{ row, ns: comparison.ours.nsPerOp, comparison }];
  });
  const ours = costs.find(({ row }) => row.isOurs);
  const best = costs
    .filter(({ row }) => !row.isOurs)
    .toSorted((a, b) => a.ns - b.ns)
    .at(0);
  if (ours === undefined || best === undefined) throw new Error(`${scenario.id} was not measured of us and a peer.`);
  const isFirst = ours.ns < best.ns;
  const place = isFirst
    ? `first; next is ${best.row.name}, which takes ${times(best.ns / ours.ns)} as long`
    : `not first: ${best.row.name} takes ${times(best.ns / ours.ns)} of its time`;
  // What OpenFeature's client costs is nobody's doing here.
  const within = ours.comparison.ratio <= MAX_RATIO ? 'Within' : 'Above';
  const ofFloor = isThroughOpenFeature ? '' : ` ${within} ${MAX_RATIO}× of the floor.`;
  const others = costs
    .filter(({ row }) => row.isOurs && row !== ours.row)
    .map(({ row, ns }) => ` ${row.name} takes ${times(ns / best.ns)} of the time of ${best.row.name}.`);
  const isRace = scenario.kind !== 'start and all';
  return { isFirst, isRace, text: `${scenario.id}: ${ours.row.name} is ${place}.${ofFloor}${others.join('')}` };
}

function nameOf({ name, packageName }: PeerRow): string {
  return packageName === undefined ? name : `${name} (${packageName} ${versionOf(packageName)})`;
}

/** The floor's cost beside our evaluator. */
function floorOf(measured: Measured, scenario: PeerScenario): number {
  const ours = [...measured].find(([row]) => row.isOurs)?.[1];
  return ours?.get(scenario)?.floor.nsPerOp ?? NaN;
}
