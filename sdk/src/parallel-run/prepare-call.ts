import { fingerprintOf, shapeOf } from '../comparison/index.js';
import { FULL_SHARE } from '../evaluation/snapshot.js';
import { type AnyFunction, type CallOptions, candidateNames, type Invocation } from './call-options.js';
import type { CandidateRecords } from './candidate-records.js';
import type { RunOperation } from './faults.js';
import type { LiveRun } from './live-run.js';
import type { SampledCall } from './sampled-call.js';
import { isSampled, samplingText } from './sampling.js';

/** A call that is sampled, as far as it is made ready. */
export class PreparedCall implements SampledCall {
  shadows: readonly string[] = NOBODY;
  hasTwin = false;
  isTimed = false;
  fingerprint = '';
  isFingerprintOfInput = false;
  shape: number | undefined = undefined;
  stratum = '';

  constructor(
    readonly run: LiveRun,
    readonly options: CallOptions,
    readonly invocation: Invocation | undefined,
    readonly served: string | undefined,
    readonly isTold: boolean,
  ) {}
}

/** What preparing a call needs of those who run it; none of it throws. */
export interface PreparationParts {
  readonly records: CandidateRecords;
  readonly random: () => number;
  readonly elapsedMs: (run: LiveRun) => number;
  readonly note: (operation: RunOperation, run: LiveRun, thrown?: unknown) => void;
  /** Tells that nothing tells this call's input from another's. */
  readonly adviseNaming: (run: LiveRun) => void;
  /** Tells that a candidate is not called. */
  readonly tellShed: (call: SampledCall, candidate: string) => void;
}

const TOKEN = /^[A-Za-z0-9_.:-]{1,64}$/;
const CONTROL: readonly string[] = ['control'];
const NOBODY: readonly string[] = [];

/** Of a call that is not sampled. */
export const LEFT_OUT = Symbol('left out');

/** What a call is sampled by: a text, or undefined for chance; LEFT_OUT where it is not. Throws what a context does. */
export function sampledBy(
  run: LiveRun,
  context: unknown,
  { random }: PreparationParts,
): string | undefined | typeof LEFT_OUT {
  const { sampler } = run.compiled;
  const text = context === undefined ? undefined : samplingText(sampler, context);
  return isSampled(sampler, text, random) ? text : LEFT_OUT;
}

/** Makes a sampled call ready, `text` being what it is sampled by; false where all its shadow arms are shed. */
export function prepareCall(call: PreparedCall, text: string | undefined, parts: PreparationParts): boolean {
  const { run, options, invocation, served } = call;
  call.shadows = admitted(call, parts);
  if (call.shadows.length === 0) return false;
  const input = invocation === undefined ? options.input : invocation.args;
  if (input !== undefined) readInput(call, input, parts);
  else if (text !== undefined) call.fingerprint = `by ${text}`;
  else if (!run.isAdvised) parts.adviseNaming(run);
  if (served === undefined && run.compiled.settings.twinShare > 0) call.hasTwin = drawsTwin(run, options, parts);
  call.isTimed = run.isTimed();
  if (options.stratum !== undefined) call.stratum = stratumOf(run, options.stratum, invocation, parts);
  return true;
}

/** The shadow arms that may be run; the others are shed. */
function admitted(call: SampledCall, parts: PreparationParts): readonly string[] {
  const { run, options, served } = call;
  const names = served === undefined ? candidateNames(options) : CONTROL;
  const isAdmitted = run.admits(parts.random);
  const hasRoom = run.atWork < run.compiled.settings.maxConcurrent;
  if (isAdmitted && hasRoom && !run.isInTrouble && names.length === 1) return names;
  return admittedOf(names, isAdmitted, call, parts);
}

/** As `admitted`, one by one. Apart from it, for what a closure sees is kept for it from the start, whether it is made or not. */
function admittedOf(
  names: readonly string[],
  isAdmitted: boolean,
  call: SampledCall,
  parts: PreparationParts,
): readonly string[] {
  const { run, options, served } = call;
  const nowMs = run.isInTrouble ? parts.elapsedMs(run) : 0;
  return names.filter((name) => {
    const isBroken = run.isInTrouble && run.isBroken(name, nowMs);
    if (isAdmitted && !isBroken && run.atWork < run.compiled.settings.maxConcurrent) {
      if (run.isInTrouble) run.noteCall(name, nowMs);
      return true;
    }
    const candidate = served ?? name;
    // A control that is broken as a shadow is no fault of the candidate's.
    parts.records.of(run, options, candidate, served)?.sums.countShed(isBroken && served === undefined);
    parts.tellShed(call, candidate);
    return false;
  });
}

/** Of a run that has twins at all. */
function drawsTwin(run: LiveRun, options: CallOptions, { random }: PreparationParts): boolean {
  if (options.sideEffects !== 'none' && options.twin === undefined) return false;
  return random() * FULL_SHARE < run.compiled.settings.twinShare;
}

/** Takes down what tells the input from others, as it is before an arm can change it. */
function readInput(call: PreparedCall, input: unknown, parts: PreparationParts): void {
  call.fingerprint = fingerprintOf(input);
  call.isFingerprintOfInput = call.fingerprint !== '';
  if (call.isFingerprintOfInput) call.shape = newShape(call, input, parts);
  else parts.note('input', call.run);
}

/** Of an input that was compared before, the structure is known. */
function newShape(call: SampledCall, input: unknown, { records }: PreparationParts): number | undefined {
  const { run, options, served, shadows, fingerprint: digest } = call;
  const recorded = records.of(run, options, served ?? shadows[0] ?? '', served);
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
