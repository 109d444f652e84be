import type { AssessmentView, CandidateView, Finding, PlacedRunView, StratumView } from '../parallel-run-view.js';
import { evidenceBar } from './evidence-bar.js';
import { FINDING_PAINT, findingWords, pairWords } from './finding-words.js';
import { formatCount, formatPart, formatShare, formatTable, oneLine } from './format.js';
import type { Palette } from './palette.js';
import { renderSignatures } from './render-signatures.js';

/** All that a picture of a run depends on besides the run. */
export interface StandingScene {
  readonly now: Date;
  readonly palette: Palette;
}

const TOP_SIGNATURES = 5;
const SAMPLES = 1;

/** A run in an environment as people look at it: how its candidates stand, from what, and how they differ. */
export function renderStanding(placed: PlacedRunView, scene: StandingScene): readonly string[] {
  const { run, environment, share, epoch, rules, candidates } = placed;
  const { strong, faint } = scene.palette;
  const debt = rules.length === 0 ? '' : ` · ${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}`;
  const sampled = share === 0 ? 'not sampled' : `${formatShare(share)} of calls sampled`;
  return [
    `${strong(`${run} in ${environment}`)}  ${faint(`${sampled} · epoch ${epoch}${debt}`)}`,
    ...(candidates.length === 0 ? nothingLines(placed) : []),
    ...candidates.flatMap((candidate) => candidateLines(candidate, placed, scene)),
  ];
}

function nothingLines({ run, environment, share }: PlacedRunView): readonly string[] {
  const hint = `  Sample it: sluice parallel-run start ${run} ${environment} --wait`;
  return ['  Nothing was compared since this epoch began.', ...(share === 0 ? [hint] : [])];
}

function candidateLines(candidate: CandidateView, placed: PlacedRunView, scene: StandingScene): readonly string[] {
  const { total, assessment, certificate, signatures } = candidate;
  const { palette, now } = scene;
  const finding = standingFinding(candidate);
  const stands = certificate === null ? '' : `  ${palette.faint(`certificate of ${certificate.at}`)}`;
  const others = signatures.length - TOP_SIGNATURES;
  return [
    palette[FINDING_PAINT[finding]](`● ${findingWords(finding)}`) +
      `  ${oneLine(`${total.candidate}: ${pairWords(total)}`)}${stands}`,
    ...sentencesOf(candidate).map((said) => `  ${oneLine(said)}`),
    ...figureLines(candidate, placed, palette),
    ...strataLines(assessment.strata),
    ...(signatures.length === 0 ? [] : [`  ${palette.strong('differences')}`]),
    ...renderSignatures(signatures.slice(0, TOP_SIGNATURES), { now, palette, samples: SAMPLES }),
    ...(others > 0 ? [`  and ${others} more: sluice parallel-run signatures ${placed.run} ${placed.environment}`] : []),
  ];
}

/** A certificate stands until it is voided, whatever later calls lack; without one nothing is certified. */
function standingFinding({ assessment, certificate }: CandidateView): Finding {
  if (certificate !== null) return 'certified';
  return assessment.finding === 'refuted' ? 'refuted' : 'undecided';
}

/** What was found, and what is missing by now. */
function sentencesOf({ assessment, certificate }: CandidateView): readonly string[] {
  const { finding, sentence, lacks } = assessment;
  if (certificate !== null) {
    return [certificate.statement.assessment.sentence, ...lacks.map((lack) => `Since then: ${lack}`)];
  }
  // More inputs do not undo a refutation: what else is missing does not matter.
  const more = finding === 'refuted' ? [] : lacks.filter((lack) => !sentence.includes(lack));
  const pending =
    finding === 'certified'
      ? ['No certificate stands: it is about to be issued, or newer versions were heard of.']
      : [];
  return [sentence, ...more, ...pending];
}

/** Each figure beside its name, evidence as bars against its limits. */
function figureLines({ total, assessment }: CandidateView, placed: PlacedRunView, palette: Palette): readonly string[] {
  const { equivalence, noise, coverage } = assessment;
  const { n, x, tolerance, interval } = equivalence;
  const confidence = formatPart(1 - placed.demand.alpha);
  const figures: readonly (readonly [string, string])[] = [
    ['equal', bar(equivalence.logCertificate, equivalence.certificateLimit, palette.good)],
    ['unequal', bar(equivalence.logRefutation, equivalence.refutationLimit, palette.bad)],
    ['inputs', `${countedWords(x, n)} unequal; less than ${formatPart(tolerance)} is asked for`],
    ['interval', `${intervalWords(interval)} of all inputs are unequal (${confidence}, whenever it is looked at)`],
    ['latency', latencyWords(assessment)],
    ['answers', answerWords(assessment)],
    ['noise', noiseWords(noise)],
    ['coverage', coverageWords(coverage)],
    ['calls', callWords(total.sums.verdicts)],
    ['cost', costWords(total.sums.overhead)],
    ...(total.sums.unsigned > 0
      ? [['unsigned', `${formatCount(total.sums.unsigned)} unequal calls found no room among the signatures`] as const]
      : []),
  ];
  const width = Math.max(...figures.map(([name]) => name.length));
  return figures.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
}

/** Evidence is in logarithms: none is 0, and what speaks against it is below. */
function bar(evidence: number, limit: number, paint: (text: string) => string): string {
  return evidenceBar(limit > 0 ? Math.min(1, Math.max(0, evidence / limit)) : 0, paint);
}

function latencyWords({ latency }: AssessmentView): string {
  if (latency === null) return 'not judged';
  const { n, ratio, upper, limit, state } = latency;
  if (upper === null) return `${formatCount(n)} calls timed, too few to tell`;
  const allowed = `${times(limit)} is allowed (${formatCount(n)} calls)`;
  return `${times(ratio)} the control's time, at most ${times(upper)}; ${allowed}: ${STATE[state]}`;
}

function answerWords({ unanswered: { calls, unanswered, tolerance, state } }: AssessmentView): string {
  return `${countedWords(unanswered, calls)} not in time; less than ${formatPart(tolerance)} is asked for: ${STATE[state]}`;
}

const STATE = { pass: 'good', fail: 'bad', pending: 'not known yet' } as const;

function noiseWords({ n, b, c, excess, p }: AssessmentView['noise']): string {
  if (n === 0 || excess === null || p === null) return 'the control was not repeated yet';
  return (
    `of ${formatCount(n)} calls with the control repeated, the candidate alone differed in ${formatCount(b)}, ` +
    `the repetition alone in ${formatCount(c)}: excess ${formatPart(excess)}, p = ${Number(p.toPrecision(2))}`
  );
}

function coverageWords({ shapes, unseen }: AssessmentView['coverage']): string {
  const next = unseen === null ? '' : `; the next input has a new one with a chance of ${formatPart(unseen)}`;
  return `${shapes === 1 ? '1 structure' : `${formatCount(shapes)} structures`} of inputs${next}`;
}

function callWords(verdicts: Readonly<Record<string, number>>): string {
  const seen = Object.entries(verdicts).filter(([, count]) => count > 0);
  const all = seen.reduce((sum, [, count]) => sum + count, 0);
  const parts = seen.map(([verdict, count]) => `${formatCount(count)} ${VERDICT[verdict] ?? verdict}`);
  return all === 0 ? 'none' : `${formatCount(all)} sampled: ${parts.join(', ')}`;
}

const VERDICT: Readonly<Record<string, string>> = {
  match: 'equal',
  mismatch: 'unequal',
  ignored: 'unequal only where a rule ignores it',
  candidate_error: 'where the candidate alone threw',
  control_error: 'where the control alone threw',
  both_error: 'where both threw, differently',
  timeout: 'without an answer in time',
  shed: 'shed',
  compare_error: 'not comparable',
  clean_error: 'not cleaned',
};

function costWords({ n, addedMs, maxAddedMs, maxLoopDelayMs }: CandidateView['total']['sums']['overhead']): string {
  if (n === 0) return 'not known yet';
  const mean = `${figure(addedMs / n)} ms added to a sampled call, at most ${figure(maxAddedMs)} ms`;
  return `${mean}; the event loop was late by at most ${figure(maxLoopDelayMs)} ms`;
}

function strataLines(strata: readonly StratumView[]): readonly string[] {
  if (strata.length === 0) return [];
  const rows = strata.map(({ stratum, n, x, minimum, interval }) => [
    stratum || '(no stratum)',
    countedWords(x, n),
    intervalWords(interval),
    minimum === 0 ? '' : `${formatCount(minimum)}${n >= minimum ? '' : ` (${formatCount(minimum - n)} to go)`}`,
  ]);
  return formatTable([['STRATUM', 'UNEQUAL', 'INTERVAL', 'ASKED FOR'], ...rows]).map((line) => `  ${line}`);
}

function countedWords(x: number, n: number): string {
  return `${formatCount(x)} of ${formatCount(n)}`;
}

function intervalWords([low, high]: readonly [number, number]): string {
  return `${formatPart(low)} to ${formatPart(high)}`;
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
