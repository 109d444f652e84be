import { Group, SegmentedControl, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { failureOf } from '../../../api/failure.js';
import { graphql } from '../../../api/graphql.js';
import { Banner } from '../../../components/Banner.js';
import { parallelRun as text } from '../../../text/parallel-run.js';
import { Series } from '../../../ui/Series.js';
import { minuteLines } from '../../../util/minute-lines.js';
import { formatCount, formatRate } from '../../../util/share.js';

const minutesQuery = graphql(`
  query ParallelRunMinutes($project: String!, $run: String!, $environment: String!, $from: DateTime!) {
    project(key: $project) {
      parallelRun(key: $run) {
        minutes(environment: $environment, from: $from) {
          minute
          n
          x
        }
      }
    }
  }
`);

const words = text.minutes;
const MINUTE_MS = 60_000;
const RANGES = {
  hour: { span: 60, minutesApart: 1 },
  day: { span: 24 * 60, minutesApart: 15 },
  week: { span: 7 * 24 * 60, minutesApart: 120 },
};
const NAMES = ['hour', 'day', 'week'] as const;

interface Props {
  readonly at: { readonly project: string; readonly environment: string; readonly run: string };
  readonly tolerance: number;
}

/** How much was compared when, and what of it was unequal. */
export function MinuteSeries({ at, tolerance }: Props) {
  const [range, setRange] = useState<keyof typeof RANGES>('hour');
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), MINUTE_MS / 4);
    return () => clearInterval(timer);
  }, []);
  const { span, minutesApart } = RANGES[range];
  // Rounded, so that as long as the stretch is the same its answer is.
  const step = minutesApart * MINUTE_MS;
  const from = new Date(Math.floor(now.getTime() / step) * step - (span - minutesApart) * MINUTE_MS).toISOString();
  const [{ data, error }, again] = useQuery({
    query: minutesQuery,
    variables: { ...at, from },
    requestPolicy: 'cache-and-network',
  });
  useEffect(() => again({ requestPolicy: 'network-only' }), [again, now]);
  const minutes = data?.project?.parallelRun?.minutes;
  const lines = useMemo(
    () => minuteLines(minutes ?? [], { now, span, minutesApart }),
    [minutes, now, span, minutesApart],
  );
  const compared = useMemo(() => [{ label: words.compared, values: lines.compared }], [lines]);
  const rates = useMemo(
    () => [
      { label: words.rate, values: lines.rate },
      { label: words.tolerance, values: lines.times.map(() => tolerance), tone: 'limit' as const },
    ],
    [lines, tolerance],
  );
  const isQuiet = minutes?.length === 0;
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {words.title}
        </Title>
        <SegmentedControl
          aria-label={words.range}
          size="xs"
          value={range}
          data={NAMES.map((value) => ({ value, label: words.ranges[value] }))}
          onChange={(next) => setRange(NAMES.find((each) => each === next) ?? 'hour')}
        />
      </Group>
      <Banner problems={error === undefined ? [] : [failureOf(error)]} />
      {minutes === undefined && error === undefined && <Text c="dimmed">{words.loading}</Text>}
      {isQuiet && <Text c="dimmed">{words.quiet}</Text>}
      {minutes !== undefined && !isQuiet && (
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
          <Series
            label={words.comparedChart(words.ranges[range])}
            times={lines.times}
            lines={compared}
            format={formatCount}
          />
          <Series label={words.rateChart(words.ranges[range])} times={lines.times} lines={rates} format={formatRate} />
        </SimpleGrid>
      )}
    </Stack>
  );
}
