/** `npm run check:size -w web`: what the pages weigh, gzip, against what they may. Fails when they weigh more. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A chunk, as Vite's manifest names it. */
interface Chunk {
  readonly file: string;
  readonly name?: string;
  readonly isEntry?: boolean;
  readonly isDynamicEntry?: boolean;
  readonly imports?: readonly string[];
}

const KB = 1_000;
const INITIAL_LIMIT = 250 * KB;
const ROUTE_LIMIT = 60 * KB;
/** Loaded when something of theirs is shown, and kept: a route that shows it does not weigh it. */
const LAZY_LIBRARIES: Readonly<Record<string, number>> = {
  CodeDiff: 150 * KB,
  CodeEditor: 150 * KB,
  YamlEditor: 165 * KB,
  Chart: 40 * KB,
};

const dist = join(import.meta.dirname, '../dist');
// Vite wrote it.
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8')) as Readonly<Record<string, Chunk>>;

function sizeOf({ file }: Chunk): number {
  return file.endsWith('.js') ? gzipSync(readFileSync(join(dist, file)), { level: 9 }).length : 0;
}

/** The chunk and all that it imports at once. */
function closureOf(key: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const each of manifest[key]?.imports ?? []) closureOf(each, seen);
  return seen;
}

function weigh(keys: Iterable<string>): number {
  return [...keys].reduce((sum, key) => {
    const chunk = manifest[key];
    return chunk === undefined ? sum : sum + sizeOf(chunk);
  }, 0);
}

const entry = Object.entries(manifest).find(([, { isEntry }]) => isEntry === true)?.[0];
if (entry === undefined) throw new Error('The manifest names no entry; build first: npm run build.');
const initial = closureOf(entry);
const weighed = [
  { name: 'initial', bytes: weigh(initial), limit: INITIAL_LIMIT },
  ...Object.entries(manifest)
    .filter(([key, { isDynamicEntry }]) => isDynamicEntry === true && !initial.has(key))
    .map(([key, { name = key }]) => ({
      name,
      bytes: weigh([...closureOf(key)].filter((each) => !initial.has(each))),
      limit: LAZY_LIBRARIES[name] ?? ROUTE_LIMIT,
    })),
].sort((one, other) => other.bytes - one.bytes);

for (const { name, bytes, limit } of weighed) {
  const words = `${(bytes / KB).toFixed(1).padStart(6)} of ${String(limit / KB).padStart(3)} kB  ${name}`;
  console.log(bytes > limit ? `TOO MUCH ${words}` : `ok       ${words}`);
}
if (weighed.some(({ bytes, limit }) => bytes > limit)) process.exitCode = 1;
