import type { Serve, Split } from '@sluice/sdk/evaluation';
import { FULL_SHARE } from '../kernel/share.js';
import type { SettingsContent } from './parse-settings.js';

/** What a release wants to ramp: a variation of the flag, in its default serve or in one of its rules. */
export interface RampTarget {
  readonly variation: string;
  /** Id of the rule whose serve is ramped; absent: the default serve. */
  readonly rule?: string;
  /** Attribute whose value decides who is in; absent: targetingKey. */
  readonly bucketBy?: string;
}

/** Where a ramp of a flag begins and where it leads. */
export interface FlagRamp {
  readonly kind: 'ramp';
  /** The variation served by what is ramped, before and to whoever is not in. */
  readonly stable: string;
  readonly candidate: string;
  readonly rule?: string;
  readonly bucketBy?: string;
}

/** Why a flag cannot be ramped as it stands: a SCREAMING_CODE, and a sentence that says what to do. */
export interface RampRefusal {
  readonly kind: 'refused';
  readonly code: RampRefusalCode;
  readonly message: string;
}

export type RampRefusalCode =
  'RAMP_RULE_UNKNOWN' | 'RAMP_FLAG_OFF' | 'RAMP_STABLE_UNKNOWN' | 'RAMP_SERVES_SPLIT' | 'RAMP_CHANGES_NOTHING';

/**
 * Finds the variation that a ramp of these settings starts from. It must be one, served to everybody the ramp is
 * about: else there is nothing the candidate could be compared with.
 */
export function rampOf(settings: SettingsContent, target: RampTarget): FlagRamp | RampRefusal {
  const stable = stableOf(settings, target.rule);
  if (typeof stable !== 'string') return stable;
  if (stable === target.variation) {
    const message = `"${stable}" is what the flag serves there already; name the variation that is to replace it.`;
    return refused('RAMP_CHANGES_NOTHING', message);
  }
  const { rule, bucketBy } = target;
  return {
    kind: 'ramp',
    stable,
    candidate: target.variation,
    ...(rule === undefined ? {} : { rule }),
    ...(bucketBy === undefined ? {} : { bucketBy }),
  };
}

function stableOf(settings: SettingsContent, ruleId: string | undefined): string | RampRefusal {
  const { on, rules, targets, offVariation, defaultServe } = settings;
  const rule = ruleId === undefined ? undefined : rules.find(({ id }) => id === ruleId);
  if (ruleId !== undefined && rule === undefined) {
    const message = `The flag has no rule "${ruleId}"; name one of its rules, or none to ramp its default serve.`;
    return refused('RAMP_RULE_UNKNOWN', message);
  }
  if (!on) {
    // To ramp is to switch on: what the flag would then serve besides the ramp would go to everybody at once.
    if (rules.length > 0 || targets.length > 0) {
      const message = 'The flag is off and has rules or targets that would all begin at once; switch it on first.';
      return refused('RAMP_FLAG_OFF', message);
    }
    if (offVariation !== null) return offVariation;
    const message =
      'The flag is off and serves the defaults in code, which cannot be compared; give it an off variation.';
    return refused('RAMP_STABLE_UNKNOWN', message);
  }
  const serve = rule === undefined ? defaultServe : rule.serve;
  if (serve === null) {
    const message = 'The flag serves the defaults in code, which cannot be compared; give it a default serve.';
    return refused('RAMP_STABLE_UNKNOWN', message);
  }
  if ('variation' in serve) return serve.variation;
  const message = 'The flag serves a split already; let it serve one variation there before it is ramped to another.';
  return refused('RAMP_SERVES_SPLIT', message);
}

/**
 * The settings that serve the candidate to a share of those the ramp is about, and are switched on. The candidate
 * stands first in the split and so has the buckets [0, share): raising the share drops nobody. Contexts without
 * anything to bucket by stay with the stable variation until all get the candidate.
 */
export function withShare(settings: SettingsContent, ramp: FlagRamp, share: number): SettingsContent {
  const serve = serveAt(ramp, share);
  if (ramp.rule === undefined) return { ...settings, on: true, defaultServe: serve };
  const rules = settings.rules.map((rule) => (rule.id === ramp.rule ? { ...rule, serve } : rule));
  return { ...settings, on: true, rules };
}

function serveAt({ stable, candidate, bucketBy }: FlagRamp, share: number): Serve {
  if (share === 0) return { variation: stable };
  if (share === FULL_SHARE) return { variation: candidate };
  const shares: Split['shares'] = [
    { variation: candidate, share },
    { variation: stable, share: FULL_SHARE - share },
  ];
  const fallback = stable;
  return { split: bucketBy === undefined ? { fallback, shares } : { bucketBy, fallback, shares } };
}

function refused(code: RampRefusalCode, message: string): RampRefusal {
  return { kind: 'refused', code, message };
}
