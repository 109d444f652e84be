import { wellFormed } from './shown-text.js';

/** What a policy may leave open in a query, written `{{version}}`, and what fills it in. */
export interface MetricArguments {
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  /** The length of the window measured, as a PromQL duration: `90s`. */
  readonly window: string;
}

export type ArgumentName = keyof MetricArguments;

export const ARGUMENT_NAMES: readonly ArgumentName[] = ['service', 'version', 'environment', 'window'];

/** Where an argument stands in a text with quotes. */
export interface ArgumentPlace {
  /** The quote it stands in; '' outside of quotes. */
  readonly quote: string;
  /** What stands before that quote, as far as it matters: the last few characters that are no blanks. */
  readonly before: string;
}

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'argument'; readonly name: ArgumentName; readonly place: ArgumentPlace };

export interface Template {
  readonly parts: readonly TemplatePart[];
  /** What is wrong with it; '' is nothing. */
  readonly complaint: string;
}

/** How a language quotes: its quotes, those of them in which a backslash is only that, and what begins a comment. */
export interface Quoting {
  readonly quotes: string;
  readonly rawQuotes: string;
  readonly comment: string;
}

const NO_QUOTING: Quoting = { quotes: '', rawQuotes: '', comment: '' };
const ARGUMENT = /\{\{\s*([^{}\s]*)\s*\}\}/uy;

/** Splits a text into what is said and what is left open. Never throws: what is wrong is the template's complaint. */
export function parseTemplate(text: string, quoting: Quoting = NO_QUOTING): Template {
  const parts: TemplatePart[] = [];
  let complaint = '';
  let quote = '';
  let before = '';
  let isComment = false;
  let said = 0;
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (text.startsWith('{{', at)) {
      ARGUMENT.lastIndex = at;
      const found = ARGUMENT.exec(text);
      const name = ARGUMENT_NAMES.find((each) => each === found?.[1]);
      if (found === null || name === undefined || isComment) {
        complaint ||= complaintAbout(found?.[1], isComment);
        at += 2;
        continue;
      }
      parts.push({ kind: 'text', text: text.slice(said, at) }, { kind: 'argument', name, place: { quote, before } });
      at += found[0].length;
      said = at;
      continue;
    }
    if (isComment) isComment = char !== '\n';
    else if (quote !== '') {
      if (char === '\\' && !quoting.rawQuotes.includes(quote)) at += 1;
      else if (char === quote) quote = '';
    } else if (quoting.quotes.includes(char)) {
      quote = char;
      before = text
        .slice(Math.max(0, at - 100), at)
        .trimEnd()
        .slice(-2);
    } else isComment = char === quoting.comment;
    at += 1;
  }
  if (quote !== '') complaint ||= `has a quote ${quote} that is not closed`;
  return { parts: [...parts, { kind: 'text', text: text.slice(said) }], complaint };
}

/** Fills a template in; `write` says how a value is written where it stands. */
export function fillTemplate(
  { parts }: Template,
  values: MetricArguments,
  write: (value: string, place: ArgumentPlace, name: ArgumentName) => string,
): string {
  return parts
    .map((part) => (part.kind === 'text' ? part.text : write(wellFormed(values[part.name]), part.place, part.name)))
    .join('');
}

/** Escapes a value to stand in quotes, as Go, JSON and JSONPath (RFC 9535, 2.3.1.1) all read it. */
export function escapeInQuotes(value: string, quote: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replaceAll(/\p{Cc}/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function complaintAbout(name: string | undefined, isComment: boolean): string {
  if (isComment) return 'has an argument in a comment; take it out';
  const known = ARGUMENT_NAMES.map((each) => `{{${each}}}`).join(', ');
  if (name === undefined) return `has "{{" that begins no argument; known are ${known}`;
  return `has an unknown argument "${name}"; known are ${known}`;
}
