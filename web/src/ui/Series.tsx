import { Loader, Table } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { formatAbsolute } from '../util/moment.js';
import classes from './Series.module.css';
import { useZone } from './zone.js';

const Chart = lazy(async () => ({ default: (await import('./chart/Chart.js')).Chart }));

export interface Line {
  readonly label: string;
  /** One for each time; null where nothing was measured. */
  readonly values: readonly (number | null)[];
  readonly tone?: 'primary' | 'secondary' | 'limit';
  /** The interval around the values, filled. */
  readonly band?: { readonly low: readonly (number | null)[]; readonly high: readonly (number | null)[] };
}

export interface SeriesProps {
  /** What is drawn, in a sentence: also what those hear who do not see it. */
  readonly label: string;
  /** Milliseconds since 1970, in order. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly format?: (value: number) => string;
  readonly height?: number;
}

/** Values over time as a chart, and as a table for who wants the numbers. */
export function Series(props: SeriesProps) {
  const { label, times, lines, format = String } = props;
  const [zone] = useZone();
  return (
    <figure className={classes['figure']}>
      <div role="img" aria-label={label}>
        <Suspense fallback={<Loader size="sm" />}>
          <Chart {...props} zone={zone} />
        </Suspense>
      </div>
      <details>
        <summary>Show the numbers</summary>
        <Table withTableBorder fz="xs" aria-label={label}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Time</Table.Th>
              {lines.map((line) => (
                <Table.Th key={line.label}>{line.label}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {times.map((time, index) => (
              <Table.Tr key={time}>
                <Table.Td>{formatAbsolute(new Date(time), zone)}</Table.Td>
                {lines.map((line) => {
                  const value = line.values[index];
                  return <Table.Td key={line.label}>{typeof value === 'number' ? format(value) : '–'}</Table.Td>;
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </details>
    </figure>
  );
}
