import { Text } from '@mantine/core';
import { describeClause, describeClauses } from '../../../components/clauses/describe-clauses.js';
import { serving } from '../../../text/serving.js';
import { StatusBadge, type Tone } from '../../../ui/StatusBadge.js';
import { formatShare, FULL_SHARE } from '../../../util/share.js';
import classes from './Serving.module.css';
import type { ServingContent } from './serving-content.js';
import type { Explanation } from './use-explanation.js';

const text = serving.tester;
const TONES = { yes: 'good', no: 'neutral', unknown: 'warning' } as const satisfies Record<string, Tone>;

/** What a context is served and why: the answer first, then each step to it. */
export function ExplanationView(props: { readonly explanation: Explanation; readonly content: ServingContent }) {
  const { explanation, content } = props;
  const { variation, value, reason, bucket, errorMessage, prerequisites, rules } = explanation;
  return (
    <>
      <div className={classes['answer']} role="status" aria-label={text.served}>
        <Text>
          {text.served} <strong>{variation ?? text.callersDefault}</strong>
        </Text>
        {variation !== null && <code>{shortened(JSON.stringify(value))}</code>}
        <Text size="sm">
          {decided(explanation)} <code>{reason}</code>
        </Text>
        {bucket !== null && (
          <Text size="sm">
            {bucket.bucket === null
              ? text.noBucket(bucket.bucketBy)
              : text.bucket(
                  formatShare(Math.floor((bucket.bucket * FULL_SHARE) / bucket.total)),
                  bucket.bucketBy,
                  bucket.seed,
                )}
          </Text>
        )}
        {errorMessage !== null && <Text size="sm">{errorMessage}</Text>}
      </div>
      <ol className={classes['steps']} aria-label={text.steps}>
        {prerequisites.map(({ flag, wanted, served, isMet }) => (
          <li key={flag} className={classes['step']}>
            <StatusBadge tone={isMet ? 'good' : 'bad'}>{isMet ? 'yes' : 'no'}</StatusBadge>
            {text.prerequisite(flag, wanted.join(', '))}
            {!isMet && ` (${text.servedInstead(served ?? text.nothing)})`}
          </li>
        ))}
        {rules.map((rule, index) => {
          const clauses = content.rules.find(({ id }) => id === rule.id)?.clauses ?? [];
          const isShown = rule.isReached && rule.clauses.length === clauses.length && clauses.length > 0;
          return (
            <li key={rule.id}>
              <div className={classes['step']}>
                <Verdict match={rule.isReached ? rule.match : undefined} />
                {text.rule(index + 1)}
                {!isShown && ` · ${describeClauses(clauses)}`}
              </div>
              {isShown && (
                <ul>
                  {clauses.map((clause, place) => {
                    const told = rule.clauses[place];
                    return (
                      // Their order is that of the rule.
                      <li key={place}>
                        {describeClause(clause)}: {text.match[told?.match ?? 'unknown']}
                        {clause.operator !== 'inSegment' && `, ${hasWords(told?.value)}`}
                        {told?.problem ? ` (${told.problem})` : ''}
                      </li>
                    );
                  })}
                </ul>
              )}
            </li>
          );
        })}
      </ol>
    </>
  );
}

function Verdict({ match }: { readonly match: keyof typeof TONES | undefined }) {
  if (match === undefined) return <StatusBadge tone="neutral">{text.notReached}</StatusBadge>;
  return <StatusBadge tone={TONES[match]}>{text.match[match] ?? match}</StatusBadge>;
}

function decided({ decision, ruleIndex }: Explanation): string {
  return ruleIndex !== null ? text.byRule(ruleIndex + 1) : (text.decided[decision] ?? decision);
}

function hasWords(value: unknown): string {
  return value === null || value === undefined ? text.hasNot : text.has(shortened(JSON.stringify(value)));
}

const LONGEST = 400;

function shortened(words: string): string {
  return words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
}
