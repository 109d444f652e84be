import { EXIT, type ExitCode } from '../exit-code.js';
import type { Outcome } from '../outcome.js';
import type { MetricView, ReleaseView } from '../release-view.js';

/** One test case: an element inside it says that it did not pass. */
interface Case {
  readonly suite: string;
  readonly name: string;
  readonly seconds: number;
  readonly result?: { readonly kind: 'failure' | 'error' | 'skipped'; readonly type: string; readonly message: string };
}

/**
 * A release as a JUnit report, which every CI system shows: the release is a test case, and each metric of each subject
 * is one. `failure` is what came out badly, `error` what could not be asked or known in time, `skipped` what said nothing.
 */
export function renderJunit(outcome: Outcome): string {
  const { release } = outcome;
  const title = release === undefined ? 'release' : `${release.name} → ${release.environment}`;
  const cases = [releaseCase(outcome), ...(release?.rollout?.metrics ?? []).map(metricCase)];
  const count = (kind: string): number => cases.filter(({ result }) => result?.kind === kind).length;
  const seconds = cases[0]?.seconds ?? 0;
  const totals = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="${seconds}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="sluice" ${totals}>`,
    `  <testsuite name="${escapeXml(title)}" ${totals}>`,
    ...cases.flatMap(caseLines),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseLines({ suite, name, seconds, result }: Case): readonly string[] {
  const head = `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(name)}" time="${seconds}"`;
  if (result === undefined) return [`${head}/>`];
  const { kind, type, message } = result;
  const attributes = `${kind === 'skipped' ? '' : `type="${escapeXml(type)}" `}message="${escapeXml(message)}"`;
  return [`${head}>`, `      <${kind} ${attributes}/>`, '    </testcase>'];
}

function releaseCase({ exitCode, sentence, release }: Outcome): Case {
  const common = { suite: 'release', name: release?.name ?? 'release', seconds: secondsOf(release) };
  const kind = KIND[exitCode];
  if (kind === undefined) return common;
  return { ...common, result: { kind, type: release?.reason.code ?? 'REFUSED', message: sentence } };
}

const KIND: Readonly<Partial<Record<ExitCode, 'failure' | 'error' | 'skipped'>>> = {
  [EXIT.internal]: 'error',
  [EXIT.usage]: 'error',
  [EXIT.bad]: 'failure',
  [EXIT.notKnown]: 'error',
  [EXIT.couldNotAsk]: 'error',
  [EXIT.refused]: 'failure',
  [EXIT.superseded]: 'skipped',
  [EXIT.notAllowed]: 'error',
  [EXIT.interrupted]: 'error',
};

function metricCase({ subject, metric, state, dryRun, sentence }: MetricView): Case {
  const common = { suite: subject, name: metric, seconds: 0 };
  if (state === 'pass') return common;
  if (dryRun) return { ...common, result: { kind: 'skipped', type: state, message: `Dry run: ${state}. ${sentence}` } };
  const kind = state === 'fail' ? 'failure' : state === 'error' ? 'error' : 'skipped';
  return { ...common, result: { kind, type: state, message: sentence } };
}

function secondsOf(release: ReleaseView | undefined): number {
  const { startedAt = null, finishedAt = null } = release?.rollout ?? {};
  if (startedAt === null || finishedAt === null) return 0;
  return (new Date(finishedAt).getTime() - new Date(startedAt).getTime()) / 1_000;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};
/** All that XML 1.0 does not allow, not even escaped (https://www.w3.org/TR/xml/#charsets). */
const NO_CHARACTER = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

function escapeXml(text: string): string {
  return text.replaceAll(NO_CHARACTER, '\uFFFD').replaceAll(/[&<>"\t\n\r]/gu, (found) => ENTITIES[found] ?? found);
}
