import { formatDuration } from './moment.js';
import { formatRate } from './share.js';

export type GuardrailState = 'unknown' | 'holding' | 'broken' | 'acknowledged' | 'recovered';

/** How a guardrail is shown. What was not asked of late is not shown as good, however good it was. */
export interface GuardrailLook {
  readonly tone: 'good' | 'bad' | 'warning' | 'waiting';
  /** Checks in a row, the latest of all, that said nothing; 0 where the latest said something. */
  readonly silent: number;
  /** Why they said nothing. */
  readonly silence: 'noData' | 'couldNotAsk';
}

const TONES: Readonly<Record<GuardrailState, GuardrailLook['tone']>> = {
  unknown: 'waiting',
  holding: 'good',
  recovered: 'good',
  broken: 'bad',
  acknowledged: 'warning',
};

export function guardrailLook(
  state: GuardrailState,
  counts: { readonly noData: number; readonly couldNotAsk: number },
): GuardrailLook {
  const silent = counts.noData + counts.couldNotAsk;
  const tone = TONES[state];
  return {
    tone: tone === 'good' && silent > 0 ? 'warning' : tone,
    silent,
    silence: counts.couldNotAsk > 0 ? 'couldNotAsk' : 'noData',
  };
}

/** What a guardrail states, as the API has it; what is of another kind than is known here is told as it is. */
export interface Statement {
  /** What is looked at: `orders, per minute, over 5 min`. */
  readonly what: string;
  /** `at least 30`. */
  readonly bounds: string;
  readonly atLeast: number | undefined;
  readonly atMost: number | undefined;
  readonly format: (value: number) => string;
}

const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 });
const MEASURED: Readonly<Record<string, string>> = {
  countPerMinute: 'per minute',
  badRate: 'bad of them',
  mean: 'mean',
};

export function readStatement(statement: unknown): Statement {
  const read = fieldsOf(statement);
  const format = read['what'] === 'badRate' ? formatRate : (value: number): string => number.format(value);
  const [atLeast, atMost] = [numberOf(read['atLeast']), numberOf(read['atMost'])];
  const bounds = [
    ...(atLeast === undefined ? [] : [`at least ${format(atLeast)}`]),
    ...(atMost === undefined ? [] : [`at most ${format(atMost)}`]),
  ].join(' and ');
  return { what: whatOf(read), bounds, atLeast, atMost, format };
}

function whatOf(read: Readonly<Record<string, unknown>>): string {
  const seconds = numberOf(read['windowSeconds']);
  const window = seconds === undefined ? [] : [`over ${formatDuration(seconds * 1_000)}`];
  if (read['kind'] === 'measurement') {
    const { metric, subject, what } = read;
    const of = typeof subject !== 'string' || subject === 'all' ? [] : [`of ${subject}`];
    return [String(metric), ...of, MEASURED[String(what)] ?? String(what), ...window].join(', ');
  }
  const query = fieldsOf(read['query']);
  const asked = [query['url'], query['query'], query['sql'], query['expression']].find(
    (text) => typeof text === 'string',
  );
  const path = typeof query['path'] === 'string' ? [query['path']] : [];
  return [String(query['kind'] ?? read['kind']), ...(asked === undefined ? [] : [asked]), ...path, ...window].join(
    ', ',
  );
}

/** What happens when a guardrail breaks, as the API has it. */
export interface BrokenActions {
  readonly alert: boolean;
  /** Subjects that it covers; undefined: it holds nothing. */
  readonly holds: 'all' | readonly string[] | undefined;
  /** The flag that is switched off. */
  readonly kills: string | undefined;
}

export function readActions(actions: unknown): BrokenActions {
  const { alert, hold, kill } = fieldsOf(actions);
  const { covers } = fieldsOf(hold);
  const { flag } = fieldsOf(kill);
  return {
    alert: alert === true,
    holds: Array.isArray(covers) ? covers.map(String) : covers === undefined ? undefined : 'all',
    kills: typeof flag === 'string' ? flag : undefined,
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  // Any object has fields of some type.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
