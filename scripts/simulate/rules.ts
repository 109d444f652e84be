import {
  addTick,
  evidenceLimit,
  logEvidence,
  startHarmEvidence,
  tickOf,
} from '@sluice/server/analysis/counts/count-evidence';
import { dispersionOf } from '@sluice/server/analysis/counts/dispersion';
import { classifySeries, DEFAULT_SERIES_RULE } from '@sluice/server/analysis/series/classify-series';
import type { ArmMinute, Minute } from './traffic.ts';

/** Looks at one minute after the other, and answers true when it rolls back. */
export type Watch = (minute: Minute) => boolean;

/** What a rule knows when a rollout starts. */
export interface Known {
  /** The stable bad rate: where rules have a fixed threshold, its author knew it exactly. */
  readonly badRate: number;
  readonly badPerMinute: readonly number[];
}

export interface Rule {
  readonly name: string;
  readonly start: (known: Known) => Watch;
}

export const ALPHA = 0.01;

/** Ours: the ramp-aware count e-process at alpha 1 %, margin 0, tempered by the dispersion of a day of history. */
export const sluice: Rule = {
  name: 'Sluice',
  start: ({ badPerMinute }) => watchEvidence(dispersionOf(badPerMinute).phi),
};

/** Ours, taking every event for independent: what the tempering is for. */
export const untempered: Rule = { name: 'untempered', start: () => watchEvidence(1) };

/**
 * In the manner of Flagger: each minute the candidate's rate against twice the stable one; missing numbers are a failed
 * check too; five failed checks in all roll back, and none is ever forgiven.
 */
const flaggerLike: Rule = {
  name: 'Flagger-like',
  start: ({ badRate }) => {
    let failed = 0;
    return ({ candidate, isLost }) => {
      if (isLost || candidate.units === 0 || candidate.bad / candidate.units > 2 * badRate) failed += 1;
      return failed >= 5;
    };
  },
};

/**
 * In the manner of Argo Rollouts: every five minutes the rate of the last five against twice the stable one; more than
 * two failures in all roll back, and so do five errors in a row, asked six to the minute (so: one lost minute).
 */
const argoLike: Rule = {
  name: 'Argo-like',
  start: ({ badRate }) => {
    const window: ArmMinute[] = [];
    let failed = 0;
    let minutes = 0;
    return ({ candidate, isLost }) => {
      minutes += 1;
      if (!isLost) window.push(candidate);
      if (window.length > 5) window.shift();
      if (minutes % 5 !== 0) return false;
      if (isLost) return true;
      const units = window.reduce((sum, each) => sum + each.units, 0);
      const bad = window.reduce((sum, each) => sum + each.bad, 0);
      if (bad / units > 2 * badRate) failed += 1;
      return failed > 2;
    };
  },
};

/**
 * In the manner of Kayenta: every ten minutes the rates of all minutes so far, candidate against stable, by the
 * Mann-Whitney judge; a rise rolls back. With our deterministic judge, which gives the labels of the original.
 */
const kayentaLike: Rule = {
  name: 'Kayenta-like',
  start: () => {
    const candidate: number[] = [];
    const stable: number[] = [];
    let minutes = 0;
    return (minute) => {
      minutes += 1;
      if (!minute.isLost && minute.candidate.units > 0) {
        candidate.push(minute.candidate.bad / minute.candidate.units);
        stable.push(minute.stable.bad / minute.stable.units);
      }
      if (minutes % 10 !== 0) return false;
      return classifySeries(candidate, stable, { ...DEFAULT_SERIES_RULE, direction: 'increase' }).label === 'high';
    };
  },
};

export const rules: readonly Rule[] = [sluice, untempered, kayentaLike, argoLike, flaggerLike];

function watchEvidence(phi: number): Watch {
  let evidence = startHarmEvidence();
  return ({ candidate, stable, isLost }) => {
    if (!isLost) evidence = addTick(evidence, tickOf(candidate, stable, phi));
    return logEvidence(evidence) >= evidenceLimit(ALPHA);
  };
}
