import { ArmHandle } from './arm-handle.js';
import type { LiveRun } from './live-run.js';
import { ParallelCall } from './parallel-call.js';
import { PendingPair } from './pending-pair.js';
import { PreparedCall } from './prepare-call.js';
import type { CallHost } from './sampled-call.js';

const nothing = (): void => undefined;

/**
 * One of each object that a call is made of, for somebody to hold. Calls are over by the time that the engine collects its
 * garbage; were there none of a class left, it would forget the class's layout, and with it all code compiled for that.
 */
export function exemplarsOf(host: CallHost, run: LiveRun): readonly object[] {
  const call = new PreparedCall(run, { control: nothing, candidate: nothing }, undefined, undefined, false);
  call.shadows = ['candidate'];
  return [call, new ParallelCall(host, call, new ArmHandle('', '', false)), new PendingPair(host, call)];
}
