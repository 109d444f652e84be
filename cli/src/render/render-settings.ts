import type { RunSettingsView } from '../parallel-run-view.js';
import { formatCount, formatDuration, formatPart, formatShare, formatTable } from './format.js';

/** What a run demands in an environment and what bounds it, by the options that set it. */
export function renderSettings({ share, epoch, demand, runner }: RunSettingsView): readonly string[] {
  const { budget, serve } = runner;
  const list = (texts: readonly string[]): string => (texts.length === 0 ? 'none' : texts.join(', '));
  return formatTable([
    ['sampled', formatShare(share)],
    ['epoch', String(epoch)],
    ['--tolerance', formatPart(demand.tolerance)],
    ['--alpha', formatPart(demand.alpha)],
    ['--alpha-kill', formatPart(demand.alphaKill)],
    ['--unanswered-tolerance', formatPart(demand.unansweredTolerance)],
    ['--latency-margin', demand.latencyMargin === null ? 'none' : formatPart(demand.latencyMargin)],
    ['--stratum', list(demand.strata.map(({ stratum, minimum }) => `${stratum}=${formatCount(minimum)}`))],
    ['--bucket-by', runner.bucketBy ?? 'none: targetingKey'],
    ['--twins', formatShare(runner.twinShare)],
    ['--deadline', timeWords(runner.deadlineMs)],
    ['--max-concurrent', formatCount(runner.maxConcurrent)],
    ['--added-time', timeWords(budget.addedMs)],
    ['--loop-delay', timeWords(budget.loopDelayMs)],
    ['--window', formatDuration(runner.windowSeconds * 1_000)],
    ['--serve', serve === null ? 'none' : `${serve.flag}:${serve.variation}`],
    ['--raw-path', list(runner.rawPaths)],
  ]);
}

/** Bounds are short, and said to the millisecond. */
function timeWords(ms: number): string {
  return ms < 10_000 ? `${Number(ms.toPrecision(4))} ms` : formatDuration(ms);
}
