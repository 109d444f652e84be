import { clauses as text } from '../../text/clauses.js';
import { type Clause, formatValue, kindOf } from '../../util/clause.js';

const MOST_NAMED = 3;

/** Conditions in a line: `country is one of DE, AT and age ≥ 18`. */
export function describeClauses(clauses: readonly Clause[]): string {
  return clauses.length === 0 ? text.everyone : clauses.map(describeClause).join(` ${text.and} `);
}

export function describeClause({ attribute, operator, values, negate }: Clause): string {
  const named = values.slice(0, MOST_NAMED).map(formatValue);
  const more = values.length > MOST_NAMED ? [text.more(values.length - MOST_NAMED)] : [];
  const isAlone = kindOf(operator) === 'none';
  const compared = named.length === 0 && !isAlone ? text.noValues : [...named, ...more].join(', ');
  const words = negate ? text.negated[operator] : text.operators[operator];
  return [attribute, words ?? `${negate ? `${text.not} ` : ''}${operator}`, compared]
    .filter((word) => word !== '')
    .join(' ');
}
