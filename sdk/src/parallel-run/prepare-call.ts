import { fingerprintOf, shapeOf } from '../comparison/index.js';
import { FULL_SHARE } from '../evaluation/snapshot.js';
import { type AnyFunction, type CallOptions, candidateNames, type Invocation } from './call-options.js';
import type { CandidateRecords } from './candidate-records.js';
import type { RunOperation } from './faults.js';
import type { LiveRun } from './live-run.js';
import type { SampledCall } from './sampled-call.js';
import { isSampled, samplingText } from './sampling.js';

/** What is decided of a call before any of its arms is. */
export type OfferedCall = Pick<SampledCall, 'run' | 'options' | 'invocation' | 'served'> & {
  /** Who it is for; undefined: nobody knows. */
  readonly context: unknown;
  readonly isTold: boolean;
};

/** What preparing a call needs of those who run it; none of it throws. */
export interface PreparationParts {
  readonly records: CandidateRecords;
  readonly random: () => number;
  readonly elapsedMs: (run: LiveRun) => number;
  readonly note: (operation: RunOperation, run: LiveRun, thrown?: unknown) => void;
  /** Tells that a candidate is not called. */
  readonly tellShed: (call: OfferedCall, candidate: string) => void;
}

const TOKEN = /^[A-Za-z0-9_.:-]{1,64}$/;
const CONTROL: readonly string[] = ['control'];

/** A sampled call made ready; undefined where it is not sampled, or all its shadow arms are shed. Throws what a context does. */
export function prepareCall(offered: OfferedCall, parts: PreparationParts): SampledCall | undefined {
  const { run, options, invocation, served, context, isTold } = offered;
  const { sampler } = run.compiled;
  const text = context === undefined ? undefined : samplingText(sampler, context);
  if (!isSampled(sampler, text, parts.random)) return undefined;
  const shadows = admitted(offered, parts);
  if (shadows.length === 0) return undefined;
  const input = invocation === undefined ? options.input : invocation.args;
  const digest = input === undefined ? '' : fingerprint(run, input, parts);
  return {
    run,
    options,
    invocation,
    served,
    shadows,
    hasTwin: served === undefined && hasTwin(run, options, parts),
    isTimed: run.isTimed(),
    fingerprint: digest === '' && text !== undefined ? `by ${text}` : digest,
    isFingerprintOfInput: digest !== '',
    shape: digest === '' ? undefined : newShape(offered, served ?? shadows[0] ?? '', digest, input, parts),
    stratum: options.stratum === undefined ? '' : stratumOf(run, options.stratum, invocation, parts),
    isTold,
  };
}

/** The shadow arms that may be run; the others are shed. */
function admitted(offered: OfferedCall, parts: PreparationParts): readonly string[] {
  const { run, options, served } = offered;
  const names = served === undefined ? candidateNames(options) : CONTROL;
  const isAdmitted = run.admits(parts.random);
  if (isAdmitted && !run.isInTrouble && run.atWork === 0 && names.length === 1) return names;
  return names.filter((name) => {
    if (isAdmitted && letsThrough(run, name, parts)) return true;
    const candidate = served ?? name;
    parts.records.of(run, options, candidate, served)?.sums.count('shed');
    parts.tellShed(offered, candidate);
    return false;
  });
}

function letsThrough(run: LiveRun, name: string, { elapsedMs }: PreparationParts): boolean {
  if (run.atWork >= run.compiled.settings.maxConcurrent) return false;
  return !run.isInTrouble || run.letsThrough(name, elapsedMs(run));
}

function hasTwin(run: LiveRun, options: CallOptions, { random }: PreparationParts): boolean {
  const { twinShare } = run.compiled.settings;
  if (twinShare <= 0 || (options.sideEffects !== 'none' && options.twin === undefined)) return false;
  return random() * FULL_SHARE < twinShare;
}

function fingerprint(run: LiveRun, input: unknown, { note }: PreparationParts): string {
  const digest = fingerprintOf(input);
  if (digest === '') note('input', run);
  return digest;
}

/** Of an input that was compared before, the structure is known. */
function newShape(
  { run, options, served }: OfferedCall,
  candidate: string,
  digest: string,
  input: unknown,
  { records }: PreparationParts,
): number | undefined {
  const recorded = records.of(run, options, candidate, served);
  return recorded === undefined || recorded.seen.has(digest) ? undefined : shapeOf(input);
}

function stratumOf(
  run: LiveRun,
  stratum: unknown,
  invocation: Invocation | undefined,
  { note }: PreparationParts,
): string {
  try {
    const args = (invocation?.args ?? []) as never[]; // it takes the call's arguments
    const text = typeof stratum === 'function' ? (stratum as AnyFunction)(...args) : stratum;
    if (typeof text === 'string' && TOKEN.test(text)) return text;
    note('stratum', run);
  } catch (thrown) {
    note('stratum', run, thrown);
  }
  return '';
}
