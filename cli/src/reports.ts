import { appendFile, writeFile } from 'node:fs/promises';
import type { Outcome } from './outcome.js';
import { renderJunit } from './render/render-junit.js';
import { renderSummary } from './render/render-summary.js';

/** Files that a command leaves for CI. */
export interface ReportOptions {
  readonly junit?: string;
  readonly summary?: string;
}

/**
 * Writes them. A summary is added to what the file has: a pipeline's steps share one. Answers what could not be
 * written, which must not hide how the release ended.
 */
export async function writeReports({ junit, summary }: ReportOptions, outcome: Outcome): Promise<readonly string[]> {
  const written = await Promise.allSettled([
    junit === undefined ? undefined : writeFile(junit, renderJunit(outcome)),
    summary === undefined ? undefined : appendFile(summary, renderSummary(outcome)),
  ]);
  return written.flatMap((each) => (each.status === 'rejected' ? [`Not written: ${String(each.reason)}`] : []));
}
