import { CommandError } from './command-error.js';
import { EXIT } from './exit-code.js';
import type { BudgetView } from './parallel-run-view.js';
import { NONE, parseList } from './parse-list.js';
import { parseRate } from './parse-rate.js';
import { parseShare } from './parse-share.js';

/** Settings of a parallel run as they were typed: percentages with their sign, time spans as milliseconds. */
export interface SettingsWords {
  readonly tolerance?: string;
  readonly alpha?: string;
  readonly alphaKill?: string;
  readonly unansweredTolerance?: string;
  readonly latencyMargin?: string;
  /** `JPY=200` each. */
  readonly stratum: readonly string[];
  readonly bucketBy?: string;
  readonly twins?: string;
  readonly deadline?: number;
  readonly maxConcurrent?: number;
  readonly addedTime?: number;
  readonly loopDelay?: number;
  readonly window?: number;
  /** `flag:variation`. */
  readonly serve?: string;
  readonly rawPath: readonly string[];
}

/** The fields that replace those of a run; only what was said. */
export interface SettingsEdit {
  readonly demand?: object;
  readonly runner?: object;
}

/**
 * What was typed as the API takes it. A budget is replaced as a whole, so what was not said of it stays as it is now.
 * Throws a usage error for what cannot be read.
 */
export function toSettingsEdit(words: SettingsWords, budget: BudgetView): SettingsEdit {
  const demand = said({
    tolerance: rateOf('--tolerance', words.tolerance),
    alpha: rateOf('--alpha', words.alpha),
    alphaKill: rateOf('--alpha-kill', words.alphaKill),
    unansweredTolerance: rateOf('--unanswered-tolerance', words.unansweredTolerance),
    latencyMargin: orNone(words.latencyMargin, (text) => rateOf('--latency-margin', text)),
    strata: parseList(words.stratum, stratumOf),
  });
  const runner = said({
    bucketBy: orNone(words.bucketBy, (text) => text),
    twinShare: shareOf('--twins', words.twins),
    deadlineMs: words.deadline,
    maxConcurrent: words.maxConcurrent,
    budget: budgetOf(words, budget),
    windowSeconds: words.window === undefined ? undefined : words.window / 1_000,
    serve: orNone(words.serve, serveOf),
    rawPaths: parseList(words.rawPath, (path) => path),
  });
  return { ...(demand === undefined ? {} : { demand }), ...(runner === undefined ? {} : { runner }) };
}

/** The fields that are not undefined; nothing where all are. */
function said(fields: Readonly<Record<string, unknown>>): object | undefined {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

function rateOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rate = parseRate(text);
  if (rate === undefined) throw usage(`${option} ${text}: say a percentage with its sign, as in 0.1%.`);
  return rate;
}

function shareOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const share = parseShare(text);
  if (share === undefined) throw usage(`${option} ${text}: say a percentage from 0 to 100, as in 2%.`);
  return share;
}

function orNone<Value>(text: string | undefined, read: (text: string) => Value): Value | null | undefined {
  if (text === undefined) return undefined;
  return text === NONE ? null : read(text);
}

/** `JPY=200`, at its last "=": services name their strata as they like. */
function stratumOf(text: string): object {
  const [, stratum, minimum] = /^(.+)=(\d{1,15})$/su.exec(text) ?? [];
  if (stratum === undefined) throw usage(`--stratum ${text}: say a stratum and how many of its inputs, as in JPY=200.`);
  return { stratum, minimum: Number(minimum) };
}

function serveOf(text: string): object {
  const [, flag, variation] = /^([^:]+):(.+)$/su.exec(text) ?? [];
  if (flag === undefined) throw usage(`--serve ${text}: say a flag and its variation, as in new-pricing:on, or none.`);
  return { flag, variation };
}

function budgetOf({ addedTime, loopDelay }: SettingsWords, now: BudgetView): BudgetView | undefined {
  if (addedTime === undefined && loopDelay === undefined) return undefined;
  return { addedMs: addedTime ?? now.addedMs, loopDelayMs: loopDelay ?? now.loopDelayMs };
}

function usage(message: string): CommandError {
  return new CommandError(EXIT.usage, message);
}
