import type { GuardrailState, GuardrailView, StatementView } from '../guardrail-view.js';
import { formatCount, formatDuration, formatPart, formatTable, oneLine } from './format.js';
import type { Palette } from './palette.js';

const STATE: Readonly<Record<GuardrailState, { readonly words: string; readonly paint: keyof Palette }>> = {
  unknown: { words: 'not known yet', paint: 'unsure' },
  holding: { words: 'holds', paint: 'good' },
  broken: { words: 'broken', paint: 'bad' },
  acknowledged: { words: 'broken, acknowledged', paint: 'bad' },
  recovered: { words: 'recovered', paint: 'good' },
};
const MEASURED: Readonly<Record<string, string>> = {
  countPerMinute: 'per minute',
  badRate: 'bad of them',
  mean: 'mean',
};

/** Guardrails as a table. */
export function renderGuardrails(guardrails: readonly GuardrailView[]): readonly string[] {
  const rows = guardrails.map((each) => [
    each.key,
    each.environment,
    STATE[each.state].words,
    each.isHolding ? 'wait' : 'go on',
    statementWords(each.statement),
    each.lastCheck?.sentence ?? 'Not checked yet.',
  ]);
  return formatTable([['KEY', 'ENVIRONMENT', 'STATE', 'RELEASES', 'STATES THAT', 'LATEST'], ...rows]);
}

/** One, as people look at it: how it stands and since when, what it states, and what happens when it breaks. */
export function renderGuardrail(guardrail: GuardrailView, palette: Palette): readonly string[] {
  const { key, environment, state, reason, isHolding, changedAt, lastCheck, acknowledgement } = guardrail;
  const { words, paint } = STATE[state];
  const seen = acknowledgement === null ? [] : [['seen by', seenWords(acknowledgement)]];
  return [
    `${palette[paint](`● ${words}`)}  ${key} in ${environment}  ${palette.faint(`since ${changedAt}`)}`,
    ...(reason === '' ? [] : [`  ${oneLine(reason)}`]),
    ...(isHolding ? ['  Releases that it covers wait.'] : []),
    ...formatTable([
      ['name', guardrail.name],
      ['states that', statementWords(guardrail.statement)],
      ['checked', checkWords(guardrail)],
      ['when broken', actionWords(guardrail.onBroken)],
      ['latest', lastCheck === null ? 'Not checked yet.' : `${lastCheck.sentence} (${lastCheck.at})`],
      ...seen,
    ]).map((line) => `  ${line}`),
  ];
}

/** `unit, per minute, over 5 min, is at least 30`. */
export function statementWords(statement: StatementView): string {
  const { what, atLeast, atMost, windowSeconds } = statement;
  const format = what === 'badRate' ? formatPart : (value: number): string => value.toLocaleString('en-US');
  const bounds = [
    ...(atLeast === undefined ? [] : [`at least ${format(atLeast)}`]),
    ...(atMost === undefined ? [] : [`at most ${format(atMost)}`]),
  ];
  const window = `over ${formatDuration(windowSeconds * 1_000)}`;
  return `${[...subjectWords(statement), window].join(', ')}, is ${bounds.join(' and ')}`;
}

function subjectWords({ kind, metric, subject, what = '', query }: StatementView): readonly string[] {
  if (query !== undefined) {
    const { url, path, address, query: text } = query;
    return [query.kind, url, path, address, text].filter((part) => part !== undefined);
  }
  const of = subject === undefined || subject === 'all' ? [] : [`of ${subject}`];
  return [metric ?? kind, ...of, MEASURED[what] ?? what];
}

function checkWords({ intervalSeconds, failureLimit, recoveryLimit }: GuardrailView): string {
  const every = `every ${formatDuration(intervalSeconds * 1_000)}`;
  return `${every}; broken after ${formatCount(failureLimit)} bad in a row, recovered after ${formatCount(recoveryLimit)} good`;
}

function actionWords({ alert, hold, kill }: GuardrailView['onBroken']): string {
  const acts = [
    ...(alert ? ['alert'] : []),
    ...(hold === null ? [] : [`hold ${hold.covers === 'all' ? 'all releases' : hold.covers.join(', ')}`]),
    ...(kill === null ? [] : [`switch ${kill.flag} off`]),
  ];
  return acts.length === 0 ? 'nothing' : acts.join('; ');
}

function seenWords({ actorName, comment, release, at }: NonNullable<GuardrailView['acknowledgement']>): string {
  return `${actorName} at ${at}: ${comment}${release ? ' (what it held goes on)' : ''}`;
}
