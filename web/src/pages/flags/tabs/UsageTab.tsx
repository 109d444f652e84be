import { SegmentedControl, Stack, Table, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { graphql } from '../../../api/graphql.js';
import { liveQuery, present, useLoaded } from '../../../api/live-query.js';
import { useFresh } from '../../../api/use-fresh.js';
import type { Loading } from '../../../components/screen.js';
import { useWords } from '../../../components/use-words.js';
import { flag as text } from '../../../text/flag.js';
import { EmptyState } from '../../../ui/EmptyState.js';
import { Moment } from '../../../ui/Moment.js';
import { Series } from '../../../ui/Series.js';
import type { InProject } from '../../../util/path-builder.js';
import { oneOf, type Search, searchWords } from '../../../util/search-words.js';
import { formatCount, formatRate } from '../../../util/share.js';
import { usageLines } from '../../../util/usage-lines.js';

const usageQuery = liveQuery(
  graphql(`
    query FlagUsage($project: String!, $flag: String!, $environment: String!, $days: Int!) {
      project(key: $project) {
        flag(key: $flag) {
          usage(environment: $environment) {
            environment
            variations {
              variation
              count
              lastAt
            }
          }
          usageHours(environment: $environment, days: $days) {
            hour
            variation
            count
          }
        }
      }
    }
  `),
  ['flag'],
);

/** How often the numbers are asked for again: reports are told of by no change. */
const ASK_MS = 10_000;
const RANGES = {
  day: { days: 1, hoursApart: 1 },
  week: { days: 7, hoursApart: 1 },
  month: { days: 30, hoursApart: 6 },
};
const TONES = ['primary', 'secondary', 'limit'] as const;
const NAMES = ['day', 'week', 'month'] as const;
const words = searchWords({ range: oneOf(NAMES, 'day') });

type In = InProject & { readonly environment: string };

export function loadUsage(
  at: In & { readonly flag: string },
  search: Search,
  fetch: Loading['fetch'],
): Promise<unknown> {
  return fetch(usageQuery, variablesOf(at, at.flag, words.read(search).range));
}

/** How often services came to each variation in an environment, over time and in sum. */
export function UsageTab({
  at,
  flag: key,
  search,
}: {
  readonly at: In;
  readonly flag: string;
  readonly search: Search;
}) {
  const [{ range }, say] = useWords(words, search);
  const variables = variablesOf(at, key, range);
  const flag = present(useLoaded(usageQuery, variables).project?.flag);
  useFresh(usageQuery, variables, ASK_MS);
  const [usage] = flag.usage ?? [];
  const variations = usage?.variations ?? [];
  const { days, hoursApart } = RANGES[range];
  const { usageHours } = flag;
  const { times, lines } = useMemo(() => {
    const drawn = usageLines(usageHours ?? [], { now: new Date(), hours: days * 24, hoursApart }, text.usage);
    return { ...drawn, lines: drawn.lines.map((line, index) => ({ ...line, tone: TONES[index] ?? 'limit' })) };
  }, [usageHours, days, hoursApart]);
  const all = variations.reduce((sum, { count }) => sum + count, 0);
  if (all === 0) {
    const none = text.usage.none;
    return (
      <EmptyState title={none.title(at.environment)} cli={none.cli(key)}>
        {none.text}
      </EmptyState>
    );
  }
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={text.usage.range}
        size="xs"
        w="fit-content"
        value={range}
        data={NAMES.map((value) => ({ value, label: text.usage.ranges[value] }))}
        onChange={(next) => say({ range: NAMES.find((each) => each === next) ?? 'day' })}
      />
      <Title order={2} size="h4">
        {hoursApart === 1 ? text.usage.perHour : text.usage.perSixHours}
      </Title>
      {lines.length === 0 ? (
        <Text c="dimmed">{text.usage.quiet}</Text>
      ) : (
        <Series
          label={text.usage.chart(key, at.environment, text.usage.ranges[range])}
          times={times}
          lines={lines}
          format={formatCount}
          height={220}
        />
      )}
      <Title order={2} size="h4">
        {text.usage.sums}
      </Title>
      <Table aria-label={text.usage.sums} withTableBorder w="fit-content">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{text.usage.variation}</Table.Th>
            <Table.Th ta="end">{text.usage.count}</Table.Th>
            <Table.Th ta="end">{text.usage.share}</Table.Th>
            <Table.Th>{text.usage.last}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {variations
            .toSorted((one, other) => other.count - one.count)
            .map(({ variation, count, lastAt }) => (
              <Table.Tr key={variation ?? ''}>
                <Table.Td>{variation ?? text.usage.callersDefault}</Table.Td>
                <Table.Td ta="end">{formatCount(count)}</Table.Td>
                <Table.Td ta="end">{formatRate(count / all)}</Table.Td>
                <Table.Td>
                  <Moment at={lastAt} />
                </Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

function variablesOf({ project, environment }: In, flag: string, range: keyof typeof RANGES) {
  return { project, flag, environment, days: RANGES[range].days };
}
