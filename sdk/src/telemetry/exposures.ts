import { findFlag } from '../evaluation/compile-snapshot.js';
import type { CompiledServices, CompiledSnapshot, VersionChoice } from '../evaluation/index.js';
import type { Evaluation } from '../evaluation/reason.js';
import { placeServe } from './ramp-place.js';
import type { Arm } from './batch.js';

/** What a unit is credited to: an arm of a ramp, or ordinary traffic. */
export interface Exposure {
  /** Null: ordinary traffic. */
  readonly rollout: string | null;
  /** `flag/new-cart`, `service/checkout`, `all`. */
  readonly subject: string;
  readonly arm: Arm;
  /** Of the ramp: a unit that saw both of its arms is credited to neither. */
  readonly ramp: string;
}

/**
 * Which answers of a snapshot are exposures. The answers of the evaluator are objects made once per place of a flag, so
 * the object itself tells that the ramped place decided: what a target or another rule serves is another object,
 * although the variation be the same.
 */
export interface Exposures {
  /** Undefined when no flag is ramped, so that evaluations have nothing to look up. */
  readonly flags: ReadonlyMap<Evaluation, Exposure> | undefined;
  readonly versions: ReadonlyMap<VersionChoice, Exposure>;
  /** The ramps that are being measured, each with the candidate's share. */
  readonly ramps: ReadonlyMap<string, number>;
}

export const NO_EXPOSURES: Exposures = { flags: undefined, versions: new Map(), ramps: new Map() };

/** The exposure of every unit. */
export const EVERYTHING: Exposure = Object.freeze(ordinary('all'));

const ROLLOUT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Finds the exposures of a snapshot; never throws. A ramp that cannot be read is none; of two of one place the last counts. */
export function exposuresOf(compiled: CompiledSnapshot, services: CompiledServices): Exposures {
  const flags = new Map<Evaluation, Exposure>();
  const rampsOfServices = new Map<string, Ramp>();
  const live = new Map<string, number>();
  for (const ramp of rampsOf(compiled.snapshot.ramps)) {
    live.set(ramp.key, ramp.share);
    if (ramp.subject.startsWith('service/')) rampsOfServices.set(ramp.subject, ramp);
    else addFlag(flags, compiled, ramp);
  }
  return { flags: flags.size > 0 ? flags : undefined, versions: versionsOf(services, rampsOfServices), ramps: live };
}

interface Ramp {
  readonly key: string;
  readonly rollout: string;
  readonly subject: string;
  readonly stable: string;
  readonly candidate: string;
  readonly share: number;
  readonly rule: string | undefined;
}

function rampsOf(ramps: unknown): readonly Ramp[] {
  if (!Array.isArray(ramps)) return [];
  return (ramps as readonly unknown[]).flatMap((each) => {
    if (typeof each !== 'object' || each === null) return [];
    const { rollout, subject, stable, candidate, share, rule } = each as Readonly<Record<string, unknown>>; // an object has fields
    if (typeof rollout !== 'string' || !ROLLOUT_ID.test(rollout)) return [];
    if (typeof subject !== 'string' || !/^(?:flag|service)\/./u.test(subject)) return [];
    if (typeof stable !== 'string' || typeof candidate !== 'string' || stable === candidate) return [];
    if (typeof share !== 'number' || (rule !== undefined && typeof rule !== 'string')) return [];
    return [{ key: `${rollout} ${subject}`, rollout, subject, stable, candidate, share, rule }];
  });
}

function addFlag(flags: Map<Evaluation, Exposure>, compiled: CompiledSnapshot, ramp: Ramp): void {
  const flag = findFlag(compiled, ramp.subject.slice('flag/'.length));
  const serve = flag && placeServe(flag, ramp.rule);
  if (serve === undefined) return;
  for (const answer of serve.reason === undefined ? serve.answers : [serve]) {
    const arm = armOf(ramp, answer.variant);
    if (arm !== undefined) flags.set(answer, exposureOf(ramp, arm));
  }
}

/** Of a ramped service only what a bucket decided, here or earlier in the chain: keyless callers are nobody's sample. */
function versionsOf(
  services: CompiledServices,
  ramps: ReadonlyMap<string, Ramp>,
): ReadonlyMap<VersionChoice, Exposure> {
  const versions = new Map<VersionChoice, Exposure>();
  for (const [key, { byDefault, candidate, routed }] of services) {
    const subject = `service/${key}`;
    const ramp = ramps.get(subject);
    const split = candidate === undefined ? [] : [candidate.stable, candidate.chosen];
    for (const choice of [byDefault, ...split, ...routed.values()]) {
      if (choice.version === undefined) continue;
      const isAssigned = choice !== byDefault && candidate !== undefined;
      const arm = ramp && isAssigned ? armOf(ramp, choice.version) : undefined;
      if (ramp === undefined) versions.set(choice, Object.freeze(ordinary(subject)));
      else if (arm !== undefined) versions.set(choice, exposureOf(ramp, arm));
    }
  }
  return versions;
}

function armOf({ stable, candidate }: Ramp, served: string | undefined): Arm | undefined {
  return served === stable ? 'stable' : served === candidate ? 'candidate' : undefined;
}

function exposureOf({ rollout, subject, key }: Ramp, arm: Arm): Exposure {
  return Object.freeze({ rollout, subject, arm, ramp: key });
}

function ordinary(subject: string): Exposure {
  return { rollout: null, subject, arm: 'stable', ramp: ` ${subject}` };
}
