import type { MetricView, ReleaseView } from '../release-view.js';
import { evidenceBar } from './evidence-bar.js';
import { formatDuration, oneLine } from './format.js';
import type { Palette } from './palette.js';
import { evidencePart, leastTimeLeftMs, stepStates } from './progress.js';
import { armWords, metricWords, positionWords, statusWords, stepWords } from './words.js';

/** All that a picture of a release depends on besides the release. */
export interface Scene {
  readonly now: Date;
  readonly palette: Palette;
  /** As it was when its present step was first seen: the real share is that since. */
  readonly earlier?: ReleaseView | undefined;
  /** Since when Sluice cannot be asked; undefined while it answers. */
  readonly lostSince?: Date | undefined;
}

/** A release as people watch it, line by line. */
export function renderRelease(release: ReleaseView, scene: Scene): readonly string[] {
  const { palette } = scene;
  const { name, environment, attempt, policyKey, policyVersion, id } = release;
  const policy = policyVersion === 0 ? policyKey : `${policyKey} v${policyVersion}`;
  return [
    `${palette.strong(`${oneLine(name)} → ${environment}`)}  ${palette.faint(`attempt ${attempt} · ${policy} · ${id}`)}`,
    stateLine(release, scene),
    `  ${reasonWords(release, scene.now)}`,
    `  ${stepsLine(release, palette)}`,
    ...metricLines(release, palette),
    ...confoundedLines(release, palette),
    palette.faint(`  ${timeWords(release, scene.now)}`),
    ...lostLines(scene),
  ];
}

function stateLine(release: ReleaseView, { palette, earlier }: Scene): string {
  const position = positionWords(release, earlier);
  const paint = STATUS_PAINT[release.status];
  return [palette[paint](`● ${statusWords(release.status)}`), ...(position === undefined ? [] : [position])].join('  ');
}

const STATUS_PAINT = {
  draft: 'faint',
  scheduled: 'faint',
  queued: 'faint',
  running: 'good',
  holding: 'unsure',
  released: 'good',
  rolledBack: 'bad',
  aborted: 'unsure',
  superseded: 'unsure',
} as const;

/** Why it is where it is, and until when. */
function reasonWords({ reason }: Pick<ReleaseView, 'reason'>, now: Date): string {
  const sentence = oneLine(reason.sentence);
  if (reason.until === undefined) return `${sentence} [${reason.code}]`;
  return `${sentence} [${reason.code}, ${formatDuration(new Date(reason.until).getTime() - now.getTime())} to go]`;
}

function stepsLine(release: ReleaseView, palette: Palette): string {
  const states = stepStates(release);
  const steps = release.policy.steps.map((step, index) => {
    const text = stepWords(step);
    if (states[index] === 'done') return palette.good(`✓ ${text}`);
    return states[index] === 'now' ? palette.strong(`▶ ${text}`) : palette.faint(`· ${text}`);
  });
  const { bakeSeconds } = release.policy;
  const bake = bakeSeconds > 0 ? [palette.faint(`bake ${formatDuration(bakeSeconds * 1_000)}`)] : [];
  return [...steps, ...bake].join('  ');
}

function metricLines({ rollout }: ReleaseView, palette: Palette): readonly string[] {
  const metrics = rollout?.metrics ?? [];
  const width = Math.max(...metrics.map(({ metric }) => metric.length), 0);
  const subjects = [...new Set(metrics.map(({ subject }) => subject))];
  return subjects.flatMap((subject) => [
    `  ${palette.strong(subject)}`,
    ...metrics.filter((metric) => metric.subject === subject).flatMap((metric) => linesOf(metric, width, palette)),
  ]);
}

function linesOf(metric: MetricView, width: number, palette: Palette): readonly string[] {
  const { stable, candidate, sentence, state } = metric;
  const part = evidencePart(metric);
  const paint = palette[METRIC_PAINT[state]];
  const name = metric.metric.padEnd(width);
  const head = [name, ...(part === undefined ? [] : [evidenceBar(part, paint)]), paint(metricWords(metric))].join('  ');
  const line = (text: string): string => palette.faint(`      ${text}`);
  const hasArms = stable !== undefined && candidate !== undefined;
  return [
    `    ${head}`,
    ...(hasArms ? [line(`stable ${armWords(stable)} · candidate ${armWords(candidate)}`)] : []),
    // Where there are figures, they say it themselves unless something is amiss.
    ...(hasArms && (state === 'pass' || state === 'pending') ? [] : [line(oneLine(sentence))]),
  ];
}

const METRIC_PAINT = { pass: 'good', fail: 'bad', inconclusive: 'unsure', pending: 'faint', error: 'unsure' } as const;

function confoundedLines({ confoundedBy }: ReleaseView, palette: Palette): readonly string[] {
  if (confoundedBy.length === 0) return [];
  return [palette.unsure(`  what is measured may also be due to ${confoundedBy.join(', ')}, which ramped meanwhile`)];
}

function timeWords(release: ReleaseView, now: Date): string {
  const { rollout, createdAt } = release;
  const ago = (at: string): string => formatDuration(now.getTime() - new Date(at).getTime());
  if (rollout === null) return `created ${ago(createdAt)} ago`;
  if (rollout.finishedAt !== null) {
    const took = new Date(rollout.finishedAt).getTime() - new Date(rollout.startedAt).getTime();
    return `took ${formatDuration(took)}, ended ${ago(rollout.finishedAt)} ago`;
  }
  const left = leastTimeLeftMs(release, now);
  return `began ${ago(rollout.startedAt)} ago${left === undefined ? '' : `, ${formatDuration(left)} to go at the least`}`;
}

function lostLines({ lostSince, now, palette }: Scene): readonly string[] {
  if (lostSince === undefined) return [];
  const since = formatDuration(now.getTime() - lostSince.getTime());
  return [palette.unsure(`  Sluice could not be asked for ${since}; this is how it stood before. Trying again.`)];
}
