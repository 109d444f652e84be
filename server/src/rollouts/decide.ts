import { worstOf } from '../analysis/index.js';
import { endSentence } from '../kernel/sentence.js';
import type { Freeze, PolicyDocument, PolicyGate } from '../policies/index.js';
import { SAMPLE_RATIO } from './judge-share.js';
import type { MetricResult } from './metric-result.js';
import { groundsOf, withoutEvidence } from './promotion.js';
import { clockStart, reachDeadline } from './ramp-clock.js';
import { type Ramp, type Reason, type ReasonCode, stepOf } from './rollout.js';

/** All that the next move is decided from. */
export interface Situation {
  readonly policy: PolicyDocument;
  readonly ramp: Ramp;
  readonly results: readonly MetricResult[];
  /** Units of the candidate so far, of the subject that has fewest. */
  readonly candidateUnits: number;
  readonly reach: { readonly instances: number; readonly current: number; readonly laggards: readonly string[] };
  /** Whether other routers than SDKs have taken the share; a sentence says what they lack. */
  readonly trafficLacks: string | undefined;
  /** A candidate that is no longer there to be given to anybody, for people; undefined when all are. */
  readonly gone: string | undefined;
  /** Certificates that the step's gates ask for, of the parallel runs they name. */
  readonly certificates: readonly RunCertificate[];
  /** Broken guardrails that hold this rollout, each with what was found. */
  readonly brokenGuardrails: readonly string[];
  readonly freeze: Freeze | undefined;
  readonly now: Date;
}

/** Whether every candidate of a parallel run has a certificate that stands. */
export interface RunCertificate {
  readonly run: string;
  readonly isCertified: boolean;
  /** What it lacks, for people. */
  readonly sentence: string;
}

export type Decision =
  | { readonly kind: 'rollBack'; readonly reason: Reason }
  /** The step's clock begins. */
  | { readonly kind: 'watch'; readonly reason: Reason }
  | { readonly kind: 'advance'; readonly stepIndex: number; readonly reason: Reason }
  | { readonly kind: 'bake'; readonly reason: Reason }
  | { readonly kind: 'release'; readonly reason: Reason }
  /** Nothing moves; the reason says whether that is the ordinary course. */
  | { readonly kind: 'wait'; readonly reason: Reason };

/**
 * Chooses the next move of a running rollout. A bad verdict never waits, nor does a candidate that is gone: not for the
 * step to end, not for a pause, an approval or a freeze. What is not known, or could not be asked, never raises a share.
 */
export function decide(situation: Situation): Decision {
  const { ramp, results, brokenGuardrails, freeze } = situation;
  const bad = results.find(({ state, dryRun }) => state === 'fail' && !dryRun);
  if (bad !== undefined) return { kind: 'rollBack', reason: { code: 'EVIDENCE_BAD', sentence: bad.sentence } };
  if (situation.gone !== undefined) {
    const sentence = `${situation.gone} Everybody gets what was before.`;
    return { kind: 'rollBack', reason: { code: 'CANDIDATE_GONE', sentence } };
  }
  if (ramp.paused !== null) return wait('PAUSED', endSentence(`Paused by ${ramp.paused.by}: ${ramp.paused.reason}`));
  if (brokenGuardrails.length > 0) return wait('GUARDRAIL_BROKEN', `Broken: ${brokenGuardrails.join(', ')}.`);
  if (ramp.phase === 'reaching') return decideReach(situation);

  const course = ramp.phase === 'baking' ? decideBake(situation) : decideStep(situation);
  // A router that lost its share, or cannot be asked: what was seen may be of another share than the one asked for.
  if (course.kind !== 'wait' && course.kind !== 'rollBack' && situation.trafficLacks !== undefined) {
    return wait('REACHING', situation.trafficLacks);
  }
  if (course.kind !== 'advance' || freeze === undefined) return course;
  const until = freeze.until.toISOString();
  return wait('FROZEN', `Frozen (${freeze.name}): shares may be raised again from ${until}.`, until);
}

type CertificateGate = Extract<PolicyGate, { kind: 'certificate' }>;

function decideReach(situation: Situation): Decision {
  const { reach, trafficLacks, policy } = situation;
  if (trafficLacks !== undefined) return notReached(situation, trafficLacks);
  if (reach.current >= reach.instances) {
    return { kind: 'watch', reason: { code: 'WATCHING', sentence: arrivalOf(reach) } };
  }
  const named = reach.laggards.slice(0, 5).join(', ');
  const counted = `${reach.current} of ${reach.instances} SDK instances serve the share`;
  const lacks = named === '' ? `${counted}.` : `${counted}; waiting for ${named}.`;
  const decision = notReached(situation, lacks);
  if (decision.reason.code !== 'DEADLINE_PASSED' || policy.onDeadline.action !== 'promote') return decision;
  // Only the clock begins: what raises the share next is evidence, or its lack in time.
  const sentence = `Watched without those not reached in time. ${lacks}`;
  return { kind: 'watch', reason: { code: 'WATCHING', sentence } };
}

/** A share that has not arrived is waited for until the deadline; then all is put back, or people are asked. */
function notReached({ policy, ramp, now }: Situation, lacks: string): Decision {
  if (now < reachDeadline(ramp, policy.onDeadline, now)) return wait('REACHING', lacks);
  const reason: Reason = { code: 'DEADLINE_PASSED', sentence: `Not everywhere in time. ${lacks}` };
  return { kind: policy.onDeadline.action === 'rollBack' ? 'rollBack' : 'wait', reason };
}

function arrivalOf({ instances }: Situation['reach']): string {
  return instances === 0
    ? 'No SDK instance reports here: nobody is waited for.'
    : 'The share has reached every SDK instance.';
}

function decideStep(situation: Situation): Decision {
  const { ramp, candidateUnits, now } = situation;
  const step = stepOf(situation);
  const since = clockStart(ramp, now);
  const due = after(since, step.holdSeconds);
  if (now < due)
    return wait('WATCHING', `Step ${ramp.stepIndex + 1} is watched until ${due.toISOString()}.`, due.toISOString());

  const doubt = doubtOf(situation);
  // Before the sample is asked for: whatever the policy does without one, it does not do while it could not ask.
  if (doubt?.code === 'COULD_NOT_ASK') return { kind: 'wait', reason: doubt };
  const sample = candidateUnits - ramp.unitsBefore;
  if (sample < step.minimumUnits) {
    const sentence = `The candidate has had ${sample} of the ${step.minimumUnits} units that this step must see.`;
    return atDeadline(situation, since, { code: 'SAMPLE_SMALL', sentence });
  }
  if (doubt !== undefined) return atDeadline(situation, since, doubt);
  const gate = closedGate(situation);
  if (gate?.reason.code === 'CERTIFICATE_MISSING') return atDeadline(situation, since, gate.reason);
  return gate ?? onwards(situation, groundsOf(situation, askedOf(situation)));
}

function decideBake(situation: Situation): Decision {
  const { policy, ramp, now } = situation;
  const since = clockStart(ramp, now);
  const due = after(since, policy.bakeSeconds);
  if (now < due)
    return wait('BAKING', `Everybody has the candidate; it is watched until ${due.toISOString()}.`, due.toISOString());
  const doubt = doubtOf(situation);
  if (doubt?.code === 'COULD_NOT_ASK') return { kind: 'wait', reason: doubt };
  const uncertified = missingCertificate(situation);
  if (uncertified !== undefined) return atDeadline(situation, since, uncertified.reason);
  if (doubt !== undefined) return atDeadline(situation, since, doubt);
  const grounds = groundsOf(situation, askedOf(situation));
  const sentence = `All steps and the bake time are over. ${grounds.sentence}`;
  return { kind: 'release', reason: { ...grounds, sentence } };
}

/** What the step asks of its metrics: of all that act, or of those that its gates name. */
function askedOf({ policy, ramp, results }: Situation): readonly MetricResult[] {
  const named = stepOf({ policy, ramp }).gates.flatMap((gate) => (gate.kind === 'analysis' ? gate.metrics : []));
  return results.filter(({ metric, dryRun }) =>
    named.length > 0 ? [...named, SAMPLE_RATIO].includes(metric) : !dryRun,
  );
}

/** Why the step's metrics do not let the ramp go on; undefined when they do. What could not be asked holds for ever. */
function doubtOf(situation: Situation): Reason | undefined {
  const asked = askedOf(situation).filter(({ isComparable }) => isComparable);
  if (asked.length === 0) return undefined;
  const state = worstOf(asked.map((result) => result.state));
  if (state === 'pass') return undefined;
  const sentence = asked
    .filter((result) => result.state === state)
    .map((result) => result.sentence)
    .join(' ');
  const isUnasked = asked.some((result) => result.state === 'error' || result.isUnasked === true);
  return { code: isUnasked ? 'COULD_NOT_ASK' : 'NOT_KNOWN', sentence };
}

/** What is not known holds until the deadline, and then what the policy says is done. */
function atDeadline(situation: Situation, since: Date, doubt: Reason): Decision {
  const { policy, now } = situation;
  const deadline = after(since, policy.onDeadline.afterSeconds);
  if (now < deadline) return { kind: 'wait', reason: { ...doubt, until: deadline.toISOString() } };
  const sentence = `Not known in time. ${doubt.sentence}`;
  switch (policy.onDeadline.action) {
    case 'rollBack':
      return { kind: 'rollBack', reason: { code: 'DEADLINE_PASSED', sentence } };
    case 'promote':
      return closedGate(situation) ?? onwards(situation, withoutEvidence(situation, sentence));
    case 'hold':
      return wait('DEADLINE_PASSED', sentence);
  }
}

function closedGate(situation: Situation): Decision | undefined {
  const { policy, ramp } = situation;
  const uncertified = missingCertificate(situation);
  if (uncertified !== undefined) return uncertified;
  for (const [index, gate] of stepOf({ policy, ramp }).gates.entries()) {
    if (gate.kind === 'analysis' || gate.kind === 'certificate' || isOpen(gate, index, ramp)) continue;
    if (gate.kind === 'approval') {
      const given = `${ramp.approvals.length} of ${gate.approvals} given`;
      return wait('APPROVAL_MISSING', `Step ${ramp.stepIndex + 1} waits for approvals: ${given}.`);
    }
    return wait('WEBHOOK_WAITING', `Step ${ramp.stepIndex + 1} waits for ${new URL(gate.url).host} to agree.`);
  }
  return undefined;
}

/** What a step has asked for stays asked for: a certificate that is voided under way stops the ramp where it is. */
function missingCertificate({ policy, ramp, certificates }: Situation): Decision | undefined {
  const lacking = lackingBefore(policy, ramp.stepIndex + 1, certificates);
  if (lacking === undefined) return undefined;
  const sentence = `Step ${ramp.stepIndex + 1} waits for a certificate of ${lacking.run}. ${lacking.sentence}`;
  return wait('CERTIFICATE_MISSING', sentence);
}

/** The first certificate that steps before one ask for and that does not stand; undefined when all do. */
export function lackingBefore(
  { steps }: PolicyDocument,
  stepIndex: number,
  certificates: readonly RunCertificate[],
): RunCertificate | undefined {
  const gates = steps.slice(0, stepIndex).flatMap((step) => step.gates);
  for (const gate of gates) {
    const lacking = gate.kind === 'certificate' ? lackingCertificate(gate, certificates) : undefined;
    if (lacking !== undefined) return lacking;
  }
  return undefined;
}

/** The first of the certificates a gate asks for that does not stand; undefined when all do. */
function lackingCertificate(
  gate: CertificateGate,
  certificates: readonly RunCertificate[],
): RunCertificate | undefined {
  const asked = certificates.filter(({ run }) => gate.run === undefined || gate.run === run);
  // One that nobody looked for is not there.
  if (asked.length === 0) {
    return { run: gate.run ?? 'a parallel run', isCertified: false, sentence: 'The release has none.' };
  }
  return asked.find(({ isCertified }) => !isCertified);
}

function isOpen(gate: Exclude<PolicyGate, CertificateGate>, index: number, { approvals, openGates }: Ramp): boolean {
  return gate.kind === 'approval' ? approvals.length >= gate.approvals : openGates.includes(index);
}

function onwards({ policy, ramp }: Situation, reason: Reason): Decision {
  const stepIndex = ramp.stepIndex + 1;
  if (stepIndex < policy.steps.length) return { kind: 'advance', stepIndex, reason };
  return policy.bakeSeconds > 0 && ramp.phase !== 'baking'
    ? { kind: 'bake', reason: { ...reason, code: 'BAKING' } }
    : { kind: 'release', reason };
}

function wait(code: ReasonCode, sentence: string, until?: string): Decision {
  return { kind: 'wait', reason: until === undefined ? { code, sentence } : { code, sentence, until } };
}

function after(since: Date, seconds: number): Date {
  return new Date(since.getTime() + seconds * 1_000);
}
