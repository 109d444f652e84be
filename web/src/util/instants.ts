import { formatAbsolute, type Zone } from './moment.js';

/** A part of a sentence: a moment that it names as RFC 3339 has it, or the words around. */
export type SentencePart =
  { readonly kind: 'words'; readonly text: string } | { readonly kind: 'instant'; readonly at: string };

/** With its zone, so that it is one moment; not as a part of a longer word, such as a key. */
const INSTANT =
  /(?<![\w:/.-])\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})(?![\w/-]|:\S)/gu;

/** The parts of a sentence in order: together they are the sentence. */
export function sentenceParts(sentence: string): readonly SentencePart[] {
  const parts: SentencePart[] = [];
  let end = 0;
  for (const { 0: at, index } of sentence.matchAll(INSTANT)) {
    if (Number.isNaN(Date.parse(at))) continue;
    if (index > end) parts.push({ kind: 'words', text: sentence.slice(end, index) });
    parts.push({ kind: 'instant', at });
    end = index + at.length;
  }
  if (end < sentence.length) parts.push({ kind: 'words', text: sentence.slice(end) });
  return parts;
}

/** A sentence with its moments told in a zone, for where there is room for text alone. */
export function tellInstants(sentence: string, zone: Zone): string {
  return sentenceParts(sentence)
    .map((part) => (part.kind === 'words' ? part.text : formatAbsolute(new Date(part.at), zone)))
    .join('');
}
