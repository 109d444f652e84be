import type { RunOperation } from './faults.js';
import { isThenable } from './judge.js';
import type { LiveRun } from './live-run.js';
import type { RunResult } from './run-options.js';
import type { ConcludedPair, SampledCall } from './sampled-call.js';

type Listener = ((result: RunResult) => unknown) | undefined;
type NoteFault = (operation: RunOperation, run: LiveRun, thrown: unknown) => void;

/** Tells what became of one candidate to the call's listener and the process's, after the caller has its answer. */
export function tellResult(
  call: Pick<SampledCall, 'run' | 'options' | 'served' | 'stratum'>,
  pair: ConcludedPair,
  publish: Listener,
  note: NoteFault,
): void {
  const { run, options } = call;
  const result = resultOf(call, pair);
  queueMicrotask(() => {
    hand('onResult', options.onResult);
    hand('publish', publish);
  });

  function hand(operation: 'onResult' | 'publish', listener: Listener): void {
    try {
      const answer = listener?.(result);
      if (!isThenable(answer)) return;
      Promise.resolve(answer).then(undefined, (thrown: unknown) => note(operation, run, thrown));
    } catch (thrown) {
      note(operation, run, thrown);
    }
  }
}

function resultOf(
  { run, served, stratum }: Pick<SampledCall, 'run' | 'served' | 'stratum'>,
  { candidate, verdict, judgement, controlMs, candidateMs }: ConcludedPair,
): RunResult {
  return {
    run: run.compiled.settings.key,
    candidate,
    verdict,
    served: served === undefined ? 'control' : 'candidate',
    control: judgement?.control,
    candidateOutcome: judgement?.candidate,
    differences: judgement?.differences ?? [],
    controlMs: known(controlMs),
    candidateMs: known(candidateMs),
    stratum,
  };
}

/** Undefined where the clock failed. */
function known(ms: number | undefined): number | undefined {
  return Number.isNaN(ms) ? undefined : ms;
}
