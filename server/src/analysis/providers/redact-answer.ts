import type { ReadAnswer } from './metric-answer.js';

const SHOWN = '[secret]';

/** An answer in which no secret stands, should a provider have sent one back. Points are numbers and stay. */
export function redactAnswer(answer: ReadAnswer, secrets: readonly string[]): ReadAnswer {
  // Of a header such as "Bearer abc" the credential alone tells enough.
  const words = secrets.flatMap((secret) => [secret, ...secret.split(/\s+/u).filter(isTelling)]);
  if (words.length === 0) return answer;
  const longestFirst = [...new Set(words)].sort((a, b) => b.length - a.length);
  const redact = (text: string): string => longestFirst.reduce((clean, word) => clean.replaceAll(word, SHOWN), text);
  switch (answer.kind) {
    case 'series': {
      const labels = Object.entries(answer.labels).map(([name, value]) => [redact(name), redact(value)]);
      return {
        ...answer,
        query: redact(answer.query),
        warnings: answer.warnings.map(redact),
        // Pairs of texts make a record of texts.
        labels: Object.fromEntries(labels) as Readonly<Record<string, string>>,
      };
    }
    case 'none':
      return {
        ...answer,
        query: redact(answer.query),
        reason: redact(answer.reason),
        warnings: answer.warnings.map(redact),
      };
    case 'error':
      return { ...answer, query: redact(answer.query), reason: redact(answer.reason) };
  }
}

/** Short words such as a scheme's name would blot out honest text. */
function isTelling(word: string): boolean {
  return word.length >= 8;
}
