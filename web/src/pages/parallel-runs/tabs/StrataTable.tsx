import { Table, Text } from '@mantine/core';
import { parallelRun as text } from '../../../text/parallel-run.js';
import { StatusBadge } from '../../../ui/StatusBadge.js';
import { formatCount, formatRate } from '../../../util/share.js';
import type { ShownCandidate } from '../run-query.js';

const words = text.strata;
type Stratum = ShownCandidate['strata'][number];

/** What of each kind of input was compared, and whether that is as much as is demanded. */
export function StrataTable({ strata }: { readonly strata: readonly Stratum[] }) {
  if (strata.length === 0) return <Text c="dimmed">{words.none}</Text>;
  return (
    <Table.ScrollContainer minWidth={480}>
      <Table aria-label={words.label} withTableBorder>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.stratum}</Table.Th>
            <Table.Th>{words.state}</Table.Th>
            <Table.Th ta="end">{words.compared}</Table.Th>
            <Table.Th ta="end">{words.unequal}</Table.Th>
            <Table.Th>{words.interval}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {strata.map((each) => (
            <Table.Tr key={each.stratum}>
              <Table.Th scope="row" fw={500}>
                {each.stratum === '' ? words.unnamed : each.stratum}
              </Table.Th>
              <Table.Td>
                <Coverage {...each} />
              </Table.Td>
              <Table.Td ta="end">
                {each.minimum > 0 ? words.of(formatCount(each.n), formatCount(each.minimum)) : formatCount(each.n)}
              </Table.Td>
              <Table.Td ta="end">{formatCount(each.x)}</Table.Td>
              <Table.Td>
                {each.n === 0
                  ? text.evidence.notKnown
                  : `${formatRate(each.interval.low)} – ${formatRate(each.interval.high)}`}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Coverage({ isRefuted, n, minimum }: Stratum) {
  if (isRefuted) return <StatusBadge tone="bad">{words.refuted}</StatusBadge>;
  if (minimum === 0) return <>{words.noDemand}</>;
  return n < minimum ? (
    <StatusBadge tone="waiting">{words.lacking}</StatusBadge>
  ) : (
    <StatusBadge tone="good">{words.enough}</StatusBadge>
  );
}
