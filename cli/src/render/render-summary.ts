import { EXIT } from '../exit-code.js';
import type { Outcome } from '../outcome.js';
import type { MetricView, ReleaseView } from '../release-view.js';
import { formatDuration, formatPart, oneLine } from './format.js';
import { evidencePart, stepStates } from './progress.js';
import { armWords, metricWords, positionWords, statusWords, stepWords } from './words.js';

/** A release in Markdown, for `$GITHUB_STEP_SUMMARY` and merge requests: how it ended, its steps, its metrics. */
export function renderSummary({ exitCode, sentence, release }: Outcome): string {
  const sign = exitCode === EXIT.released ? '✅' : exitCode === EXIT.bad ? '❌' : '⚠️';
  if (release === undefined) return `## ${sign} Release not made\n\n${escapeMarkdown(sentence)}\n`;
  return [
    `## ${sign} ${escapeMarkdown(release.name)} → ${release.environment}: ${statusWords(release.status)}`,
    '',
    `${escapeMarkdown(sentence)} (\`${release.reason.code}\`)`,
    '',
    ...stepTable(release),
    ...metricTable(release),
    footer(release),
    '',
  ].join('\n');
}

function stepTable(release: ReleaseView): readonly string[] {
  const states = stepStates(release);
  const words = { done: 'done', now: positionWords(release) ?? 'now', later: 'not reached' };
  const rows = release.policy.steps.map((step, index) => [
    String(index + 1),
    stepWords(step),
    formatDuration(step.holdSeconds * 1_000),
    words[states[index] ?? 'later'],
  ]);
  return table(['Step', 'Share', 'Watched for', ''], rows);
}

function metricTable({ rollout }: ReleaseView): readonly string[] {
  if (rollout === null || rollout.metrics.length === 0) return [];
  return table(['Metric', 'Verdict', 'Evidence', 'Stable', 'Candidate', ''], rollout.metrics.map(metricRow));
}

function metricRow(metric: MetricView): readonly string[] {
  const part = evidencePart(metric);
  return [
    `${metric.subject} ${metric.metric}`,
    metricWords(metric),
    part === undefined ? '' : `${formatPart(part)} of the limit`,
    metric.stable === undefined ? '' : armWords(metric.stable),
    metric.candidate === undefined ? '' : armWords(metric.candidate),
    metric.sentence,
  ];
}

function footer({ id, attempt, policyKey, policyVersion }: ReleaseView): string {
  const policy = policyVersion === 0 ? policyKey : `${policyKey} v${policyVersion}`;
  return `Attempt ${attempt} under ${policy}. Why, to the last number: \`sluice verdict ${id}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line), ''];
}

/** Text as it is: names and sentences are data, so none of it is markup. */
function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replaceAll(/[\\`*_[\]|~#]/gu, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
