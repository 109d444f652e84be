import {
  type ArgumentName,
  type ArgumentPlace,
  escapeInQuotes,
  fillTemplate,
  type MetricArguments,
  parseTemplate,
  type Quoting,
} from './argument-template.js';

/** PromQL quotes like Go: "…" and '…' with escapes, `…` without; # begins a comment. */
const PROMQL: Quoting = { quotes: '"\'`', rawQuotes: '`', comment: '#' };
const RE2_SYNTAX = /[\\.+*?()|[\]{}^$]/gu;

/**
 * Says what is wrong with the arguments of a PromQL query; undefined: nothing is. Arguments stand in the quoted value
 * of a label matcher, where any value can be written as it is; {{window}} also stands bare, as a duration.
 */
export function complaintAboutPromql(text: string): string | undefined {
  const { parts, complaint } = parseTemplate(text, PROMQL);
  if (complaint !== '') return complaint;
  for (const part of parts) {
    const objection = part.kind === 'argument' ? objectionTo(part.name, part.place) : undefined;
    if (objection !== undefined) return objection;
  }
  return undefined;
}

/** Fills a sound PromQL query in. No value changes what is asked: not by quotes, and not by what is special in RE2. */
export function fillPromql(text: string, values: MetricArguments): string {
  return fillTemplate(parseTemplate(text, PROMQL), values, (value, { quote, before }) => {
    if (quote === '') return value;
    const literal = before.endsWith('~') ? value.replaceAll(RE2_SYNTAX, '\\$&') : value;
    return escapeInQuotes(literal, quote);
  });
}

/** A length of time as PromQL writes it: whole seconds where that is exact. */
export function promqlDuration(ms: number): string {
  const whole = Math.max(1, Math.round(ms));
  return whole % 1000 === 0 ? `${whole / 1000}s` : `${whole}ms`;
}

function objectionTo(name: ArgumentName, { quote, before }: ArgumentPlace): string | undefined {
  if (quote === '') {
    return name === 'window' ? undefined : `has {{${name}}} outside of quotes; write it as label="{{${name}}}"`;
  }
  if (quote === '`') return `has {{${name}}} in backticks, where values cannot be escaped; use double quotes`;
  if (/(?:=|=~|!~)$/u.test(before)) return undefined;
  return `has {{${name}}} in a text that is no label's value; write it as label="{{${name}}}"`;
}
