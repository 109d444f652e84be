import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { parallelRun as text } from '../../../text/parallel-run.js';
import { StatusBadge } from '../../../ui/StatusBadge.js';
import { formatCount, formatRate } from '../../../util/share.js';
import type { ShownCandidate } from '../run-query.js';

const words = text.checks;
const TONES = { pass: 'good', fail: 'bad', pending: 'waiting' } as const;
const factor = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** What is demanded of a candidate beside its answers, what is known of that, and what is told for information. */
export function ChecksTable({ candidate }: { readonly candidate: ShownCandidate }) {
  const { latency, unanswered, noise, coverage } = candidate;
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table aria-label={words.label} withTableBorder>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.what}</Table.Th>
            <Table.Th>{words.state}</Table.Th>
            <Table.Th>{words.measured}</Table.Th>
            <Table.Th>{words.demanded}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {latency === null ? (
            <Row what={words.latency} state={words.notJudged} />
          ) : (
            <Row
              what={words.latency}
              state={<StateBadge state={latency.state} />}
              measured={`${words.latencyMeasured(
                factor.format(latency.ratio),
                latency.upper === null ? words.noUpper : factor.format(latency.upper),
              )} (${words.pairs(formatCount(latency.n))})`}
              demanded={words.latencyLimit(factor.format(latency.limit))}
            />
          )}
          <Row
            what={words.unanswered}
            state={<StateBadge state={unanswered.state} />}
            measured={words.unansweredMeasured(formatCount(unanswered.unanswered), formatCount(unanswered.calls))}
            demanded={words.unansweredLimit(formatRate(unanswered.tolerance))}
          />
          <Row what={words.unseen} state={words.information} measured={words.calls(formatCount(unanswered.unseen))} />
          <Row
            what={words.noise}
            state={noise.n === 0 ? text.states.pending : words.information}
            measured={
              noise.n === 0
                ? text.evidence.noNoise
                : [
                    words.noiseMeasured(formatCount(noise.b), formatCount(noise.c), formatCount(noise.n)),
                    ...(noise.excess === null || noise.p === null
                      ? []
                      : [words.noiseExcess(formatRate(noise.excess), factor.format(noise.p))]),
                  ].join('; ')
            }
          />
          <Row
            what={words.coverage}
            state={coverage.unseen === null ? text.states.pending : words.information}
            measured={
              coverage.unseen === null
                ? text.evidence.notKnown
                : words.coverageMeasured(formatCount(coverage.shapes), formatRate(coverage.unseen))
            }
          />
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function StateBadge({ state }: { readonly state: keyof typeof TONES }) {
  return <StatusBadge tone={TONES[state]}>{text.states[state]}</StatusBadge>;
}

function Row(props: {
  readonly what: string;
  readonly state: ReactNode;
  readonly measured?: string;
  readonly demanded?: string;
}) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {props.what}
      </Table.Th>
      <Table.Td>{props.state}</Table.Td>
      <Table.Td>{props.measured ?? '–'}</Table.Td>
      <Table.Td>{props.demanded ?? '–'}</Table.Td>
    </Table.Tr>
  );
}
