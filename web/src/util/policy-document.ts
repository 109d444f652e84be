import type { Json } from './release-draft.js';

/** Something that a policy leaves open. */
export interface PolicyParameter {
  readonly name: string;
  readonly default: Json;
}

/** A step as one reads it; seconds, and shares in thousandths of a percent. */
export interface ReadStep {
  readonly share: number;
  /** Of calls of parallel runs; 0 where none are sampled. */
  readonly sampling: number;
  readonly holdSeconds: number;
  readonly minimumUnits: number;
  readonly gates: readonly ReadGate[];
}

export type ReadGate = { readonly kind: string; readonly of: string };

export interface ReadMetric {
  readonly name: string;
  readonly kind: string;
  readonly dryRun: boolean;
  /** What is counted, measured or asked. */
  readonly of: string;
  /** Only of what is slow. */
  readonly slowerThanMs: number | undefined;
  readonly margin: number;
}

/** A policy's document as one reads it, defaults filled in. */
export interface ReadPolicy {
  readonly steps: readonly ReadStep[];
  readonly metrics: readonly ReadMetric[];
  readonly alpha: number;
  readonly bakeSeconds: number;
  readonly deadline: { readonly afterSeconds: number; readonly action: string };
  readonly outageSeconds: number;
  readonly onNewer: string;
  readonly freezeWindows: readonly string[];
  readonly approvalsToStart: number;
  readonly maxOverdueFlags: number | undefined;
  /** Every step before everybody has it, its hold and no longer. */
  readonly leastSecondsToFull: number;
}

const FULL_SHARE = 100_000;
const DAY_SECONDS = 86_400;
const ALPHA = 0.01;
const OUTAGE_SECONDS = 300;

/**
 * Reads a document as its author wrote it, also one that is being written: what is wrong in it is as if it were left out.
 * Parameters have their arguments, else their defaults.
 */
export function readPolicy(
  document: unknown,
  parameters: unknown = [],
  given: Readonly<Record<string, Json>> = {},
): ReadPolicy {
  const defaults = readParameters(parameters).map(({ name, default: value }): [string, Json] => [name, value]);
  const filled = of(fill(document, { ...Object.fromEntries(defaults), ...given }));
  const steps = readSteps(list(filled['steps']));
  const full = steps.findIndex(({ share }) => share === FULL_SHARE);
  const deadline = of(filled['onDeadline']);
  return {
    steps,
    metrics: list(filled['metrics']).map(readMetric),
    alpha: number(filled['alpha'], ALPHA),
    bakeSeconds: number(filled['bakeSeconds']),
    deadline: { afterSeconds: number(deadline['afterSeconds'], DAY_SECONDS), action: text(deadline['action'], 'hold') },
    outageSeconds: number(of(filled['onOutage'])['afterSeconds'], OUTAGE_SECONDS),
    onNewer: text(filled['onNewer'], 'supersede'),
    freezeWindows: list(filled['freezeWindows']).map((window) => text(of(window)['name'])),
    approvalsToStart: number(filled['approvalsToStart']),
    maxOverdueFlags: typeof filled['maxOverdueFlags'] === 'number' ? filled['maxOverdueFlags'] : undefined,
    leastSecondsToFull: steps
      .slice(0, full === -1 ? steps.length : full)
      .reduce((sum, { holdSeconds }) => sum + holdSeconds, 0),
  };
}

/** Its shares in a line: `1 → 5 → 25 → 100 %`. */
export function sharesLine({ steps }: Pick<ReadPolicy, 'steps'>): string {
  const percents = [...new Set(steps.map(({ share }) => share / 1_000))];
  return percents.length === 0 ? '–' : `${percents.join(' → ')} %`;
}

/** What a policy leaves open; nothing where the list is none. */
export function readParameters(parameters: unknown): readonly PolicyParameter[] {
  return list(parameters).flatMap((each) => {
    const { name, default: value } = of(each);
    // Whatever JSON says is JSON.
    return typeof name === 'string' ? [{ name, default: (value ?? null) as Json }] : [];
  });
}

function readSteps(steps: readonly unknown[]): readonly ReadStep[] {
  let sampling = 0;
  return steps.map((each) => {
    const step = of(each);
    sampling = number(step['sampling'], sampling);
    return {
      share: number(step['share']),
      sampling,
      holdSeconds: number(step['holdSeconds']),
      minimumUnits: number(step['minimumUnits']),
      gates: list(step['gates']).map(readGate),
    };
  });
}

function readGate(gate: unknown): ReadGate {
  const { kind, approvals, url, metrics, run } = of(gate);
  const said = { approval: String(number(approvals, 1)), webhook: text(url), certificate: text(run) };
  const named = text(kind);
  return { kind: named, of: named === 'analysis' ? list(metrics).join(', ') : (of(said)[named] as string) || '' };
}

function readMetric(each: unknown): ReadMetric {
  const metric = of(each);
  const what =
    metric['event'] ?? metric['duration'] ?? metric['value'] ?? metric['count'] ?? of(metric['query'])['kind'];
  return {
    name: text(metric['name']),
    kind: text(metric['kind']),
    dryRun: metric['dryRun'] === true,
    of: text(what),
    slowerThanMs: typeof metric['slowerThanMs'] === 'number' ? metric['slowerThanMs'] : undefined,
    margin: number(metric['margin']),
  };
}

function fill(value: unknown, values: Readonly<Record<string, Json>>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => fill(each, values));
  const { parameter, ...rest } = value as Readonly<Record<string, unknown>>;
  if (typeof parameter === 'string' && Object.keys(rest).length === 0) return values[parameter] ?? null;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fill(inner, values)]));
}

function of(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function number(value: unknown, absent = 0): number {
  return typeof value === 'number' ? value : absent;
}

function text(value: unknown, absent = ''): string {
  return typeof value === 'string' ? value : absent;
}
