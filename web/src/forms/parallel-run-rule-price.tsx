import { List, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from 'urql';
import { failureOf } from '../api/failure.js';
import { graphql } from '../api/graphql.js';
import { parallelRun as text } from '../text/parallel-run.js';
import type { RuleEffect } from '../util/comparison-rule.js';
import type { InProject } from '../util/path-builder.js';
import { formatCount } from '../util/share.js';

const priceQuery = graphql(`
  query ParallelRunRulePrice($project: String!, $run: String!, $environment: String!, $rule: JSON!) {
    project(key: $project) {
      parallelRun(key: $run) {
        rulePrice(environment: $environment, rule: $rule) {
          hidden
          partly
          mismatches
          signatures {
            id
            n
            coverage
            places {
              path
            }
          }
        }
      }
    }
  }
`);

const TYPING_MS = 250;
const MOST_SHOWN = 5;

interface Props {
  readonly at: InProject & { readonly environment: string };
  readonly run: string;
  readonly effect: RuleEffect;
}

/** What a rule would hide of the mismatches found so far, as it is typed. */
export function ParallelRunRulePrice({ at, run, effect }: Props) {
  const words = text.rules.form;
  const [asked] = useDebouncedValue(JSON.stringify(effect), TYPING_MS);
  const pause = effect.path === '';
  const [{ data, error }] = useQuery({
    query: priceQuery,
    // As it is: the text was made of one.
    variables: { ...at, run, rule: JSON.parse(asked) as { readonly kind: string; readonly path: string } },
    pause,
    requestPolicy: 'network-only',
  });
  const price = data?.project?.parallelRun?.rulePrice ?? undefined;
  return (
    <div role="status" aria-label={words.price}>
      {pause && <Text c="dimmed">{words.noPath}</Text>}
      {!pause && price === undefined && error !== undefined && <Text c="dimmed">{failureOf(error).message}</Text>}
      {!pause && price !== undefined && price.mismatches === 0 && <Text c="dimmed">{words.noMismatches}</Text>}
      {!pause && price !== undefined && price.mismatches > 0 && (
        <>
          <Text fw={600}>
            {words.hides(formatCount(price.hidden), formatCount(price.mismatches))}
            {price.partly > 0 && words.partly(formatCount(price.partly))}.
          </Text>
          <List size="sm">
            {price.signatures.slice(0, MOST_SHOWN).map(({ id, n, coverage, places }) => (
              <List.Item key={id}>
                {words.touched(words.coverage[coverage], formatCount(n), places[0]?.path ?? '–')}
              </List.Item>
            ))}
          </List>
        </>
      )}
    </div>
  );
}
