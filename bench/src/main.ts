import { benchIngestion } from './ingestion.js';
import { reportParallelRuns } from './parallel-runs-report.js';
import { reportPeers } from './peers/report-peers.js';
import type { Comparison } from './measure.js';
import type { Measured } from './scenario-process.js';
import { reportRollback } from './rollback.js';
import { reportRolloutsScale } from './rollouts-scale.js';
import { reportShadow } from './shadow.js';
import { reportServer } from './server/report-server.js';
import { reportStreams } from './streams/report-streams.js';
import { startProcess } from './start-process.js';

const quick = process.argv.includes('--quick');
/** What can be measured by itself. */
const PARTS: Readonly<Record<string, () => Promise<boolean>>> = {
  shadow: reportShadow,
  'parallel-runs': reportParallelRuns,
  peers: () => reportPeers({ quick }),
  server: () => reportServer({ quick }),
  streams: () => reportStreams({ quick }),
};

const [, , only = ''] = process.argv;
if (Object.hasOwn(PARTS, only)) {
  const isWithin = await PARTS[only]?.();
  process.exit(isWithin === true || !process.argv.includes('--check') ? 0 : 1);
}

/** No scenario should cost more than this many times its floor. */
const MAX_RATIO = 2;
/** What a thousand instances' telemetry may cost, as a share of one core. */
const MAX_CORE_SHARE = 0.25;

const TARGETED = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7'];

/** Each in a process of its own, as a service has its own few flags: an engine learns from all that ran before. */
const comparisons: Comparison[] = [];
for (const name of TARGETED) comparisons.push(...(await measure([name])));
const missed = comparisons.filter(({ ratio }) => ratio > MAX_RATIO);

console.log(
  `Node ${process.version}, ${process.platform} ${process.arch}; quickest of 31 rounds; floor: a Map look-up and one murmur3`,
);
console.log(tableOf([...comparisons, ...(await measure(['S7 and all'])), ...(await measure(['by hand']))]));
console.log(
  missed.length === 0 ? `All within ${MAX_RATIO}× of the floor.` : `Above ${MAX_RATIO}×: ${namesOf(missed)}.`,
);
const mixed = await measure(TARGETED);
console.log(
  `For comparison, all after each other in one process: ${mixed.map(({ name, ratio }) => `${name.slice(0, 2)} ${ratio.toFixed(2)}×`).join(', ')}.`,
);
if (!(await reportParallelRuns()) && process.argv.includes('--check')) process.exitCode = 1;
if (globalThis.gc === undefined) console.log('Bytes are rough: run node with --expose-gc.');
if (!(await reportStreams({ quick })) && process.argv.includes('--check')) process.exitCode = 1;
const { instances, series, reportsPerSecond, coreShare, idleCoreShare, p99Ms: answerMs } = await benchIngestion();
const isWithin = coreShare < MAX_CORE_SHARE;
console.log(
  `\nTelemetry of ${instances} instances, ${series} sums each, on the embedded store: ${reportsPerSecond.toFixed(0)} reports/s, ` +
    `${(100 * coreShare).toFixed(1)} % of a core above the idle server's ${(100 * idleCoreShare).toFixed(1)} % (${isWithin ? 'within' : 'not within'} ${100 * MAX_CORE_SHARE} %), ` +
    `answered in ${answerMs.toFixed(0)} ms at p99.`,
);
if (process.argv.includes('--check') && !isWithin) process.exitCode = 1;
if (process.argv.includes('--check') && missed.length > 0) process.exitCode = 1;
if (!(await reportRollback()) && process.argv.includes('--check')) process.exitCode = 1;
if (!(await reportRolloutsScale()) && process.argv.includes('--check')) process.exitCode = 1;
if (!(await reportShadow()) && process.argv.includes('--check')) process.exitCode = 1;

async function measure(names: readonly string[]): Promise<readonly Comparison[]> {
  const { message } = await startProcess<Measured>('scenario-process.js', names);
  if (message.sink === 0) throw new Error(`nothing was measured of ${names.join(', ')}`);
  return message.comparisons;
}

function tableOf(rows: readonly Comparison[]): string {
  const cells = rows.map(({ name, ours, floor, ratio }) => [
    name,
    duration(ours.nsPerOp),
    duration(floor.nsPerOp),
    `${ratio.toFixed(2)}×`,
    size(ours.bytesPerOp),
    size(floor.bytesPerOp),
  ]);
  const lines = [['scenario', 'ours', 'floor', 'ratio', 'bytes', 'floor bytes'], ...cells];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    )
    .join('\n');
}

function namesOf(rows: readonly Comparison[]): string {
  return rows.map(({ name }) => name.slice(0, 2)).join(', ');
}

function duration(ns: number): string {
  if (ns < 10_000) return `${ns.toFixed(1)} ns`;
  return ns < 10_000_000 ? `${(ns / 1e3).toFixed(1)} µs` : `${(ns / 1e6).toFixed(1)} ms`;
}

function size(bytes: number): string {
  if (bytes < 10_000) return `${bytes.toFixed(0)} B`;
  return bytes < 10_000_000 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
