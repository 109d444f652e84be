import { execFileSync } from 'node:child_process';
import { times } from '../report/figures.js';
import { markdownTable } from '../report/markdown-table.js';
import { describeMachine, writeSection } from '../report/write-section.js';
import { measureBare, measureSluice, type StreamCase, type StreamCost } from './measure-streams.js';

const CASES: readonly StreamCase[] = [
  { streams: 1_000, flags: 100, changes: 20 },
  { streams: 10_000, flags: 100, changes: 20 },
  { streams: 1_000, flags: 10_000, changes: 20 },
];
const QUICK_CASES: readonly StreamCase[] = [
  { streams: 200, flags: 20, changes: 5 },
  { streams: 1_000, flags: 20, changes: 5 },
  { streams: 200, flags: 100, changes: 5 },
];
/** Of the case with the most streams. */
const MAX_KIB_PER_STREAM = 20;
const MAX_APPLIED_MS = 400;
/** Files that a server has open besides its streams. */
const OTHER_FILES = 500;

interface Row {
  readonly of: StreamCase;
  readonly ours: StreamCost;
  readonly bare: StreamCost;
}

/** Measures streams beside a bare server of them, in turn; true when the targets are kept. */
export async function reportStreams({ quick }: { readonly quick: boolean }): Promise<boolean> {
  const cases = quick ? QUICK_CASES : CASES;
  requireFiles(Math.max(...cases.map(({ streams }) => streams)) + OTHER_FILES);
  const rows: Row[] = [];
  for (const of of cases) {
    const ours = await measureSluice(of);
    rows.push({ of, ours, bare: await measureBare(of, ours.frameBytes) });
    console.log(`${of.streams} streams, ${of.flags} flags: p99 ${ours.p99Ms.toFixed(0)} ms`);
  }
  const largest = rows.toSorted((a, b) => b.of.streams - a.of.streams).at(0);
  const kibPerStream = Math.max(largest?.ours.rssPerStream ?? NaN, largest?.ours.heapPerStream ?? NaN) / 1_024;
  const appliedMs = Math.max(largest?.ours.p99Ms ?? NaN, largest?.ours.appliedP99Ms ?? NaN);
  const isWithin = kibPerStream < MAX_KIB_PER_STREAM && appliedMs < MAX_APPLIED_MS;
  writeSection('streams', textOf(rows, { kibPerStream, appliedMs }), { quick });
  return isWithin;
}

function textOf(
  rows: readonly Row[],
  { kibPerStream, appliedMs }: { readonly kibPerStream: number; readonly appliedMs: number },
): string {
  const head = [
    'streams, flags',
    'server',
    'RSS a stream',
    'heap a stream',
    'arrived p50',
    'p99',
    'applied p99',
    'CPU a change',
  ];
  const lines = rows.flatMap(({ of, ours, bare }) => {
    const name = `${of.streams}, ${of.flags}`;
    return [lineOf(name, 'Sluice', ours), lineOf(name, 'bare Node', bare)];
  });
  const growth = rows.slice(1).map(({ of, ours }) => {
    const first = rows[0];
    if (first === undefined) return '';
    const what = `${of.streams} streams and ${of.flags} flags`;
    return `${what}: ${times(ours.p99Ms / first.ours.p99Ms)} the p99 and ${times(ours.cpuMsPerChange / first.ours.cpuMsPerChange)} the CPU of ${first.of.streams} and ${first.of.flags}`;
  });
  const beside = rows.map(
    ({ of, ours, bare }) => `${of.streams}, ${of.flags}: ${times(ours.p99Ms / bare.p99Ms)} the bare server's p99`,
  );
  const kept = (isKept: boolean): string => (isKept ? 'kept' : 'MISSED');
  const targets = [
    `memory: ${kibPerStream.toFixed(1)} KiB a stream, target ${MAX_KIB_PER_STREAM}: ${kept(kibPerStream < MAX_KIB_PER_STREAM)}`,
    `change to applied: p99 ${appliedMs.toFixed(0)} ms, target ${MAX_APPLIED_MS}: ${kept(appliedMs < MAX_APPLIED_MS)}`,
  ];
  return `
${describeMachine()}; one replica on the embedded store, ${rows[0]?.of.changes ?? 0} changes, each when the one before had reached everybody.
Times run from the call that makes a change, its transaction included, until it is whole at a stream, and until an SDK among
them serves it. The bare server writes as many bytes to as many streams and stores nothing. Memory is what grows with
the streams, collections before and after: RSS of the whole process, which hides what went into pages that were free, and the heap with
its buffers, which leaves out sockets; the larger counts.

${markdownTable(head, lines)}

${[...targets, ...beside, ...growth].map((line) => `- ${line}`).join('\n')}
`;
}

function lineOf(name: string, server: string, cost: StreamCost): readonly string[] {
  const kib = (bytes: number): string => `${(bytes / 1_024).toFixed(1)} KiB`;
  const ms = (value: number): string => (Number.isNaN(value) ? '—' : `${value.toFixed(0)} ms`);
  const { rssPerStream, heapPerStream, p50Ms, p99Ms, appliedP99Ms, cpuMsPerChange } = cost;
  return [
    name,
    server,
    kib(rssPerStream),
    kib(heapPerStream),
    ms(p50Ms),
    ms(p99Ms),
    ms(appliedP99Ms),
    ms(cpuMsPerChange),
  ];
}

/** Throws when a process may not open so many files: streams would fail one by one. */
function requireFiles(count: number): void {
  // Node raises its own limit to this one.
  const limit = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  if (limit === 'unlimited' || Number(limit) >= count) return;
  throw new Error(`A process may open ${limit} files here, and ${count} are needed: run \`ulimit -n ${count}\` first.`);
}
