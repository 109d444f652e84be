import { List, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { parallelRun as text } from '../../../text/parallel-run.js';
import { EmptyState } from '../../../ui/EmptyState.js';
import { formatCount, formatShare } from '../../../util/share.js';
import type { ShownCandidate, ShownSettings } from '../run-query.js';
import { ChecksTable } from './ChecksTable.js';
import { EvidenceMeter } from './EvidenceMeter.js';
import { MinuteSeries } from './MinuteSeries.js';
import { RatePicture } from './RatePicture.js';
import { StrataTable } from './StrataTable.js';

interface Props {
  readonly at: { readonly project: string; readonly environment: string; readonly run: string };
  readonly settings: ShownSettings;
  readonly candidate: ShownCandidate | undefined;
}

const words = text.evidence;

/** What is known of a candidate, and what is still lacking. */
export function EvidenceTab({ at, settings, candidate }: Props) {
  if (candidate === undefined) {
    const { nothing } = text;
    return (
      <EmptyState title={nothing.title} cli={nothing.cli(at.run, at.environment)}>
        {settings.share === 0 ? nothing.idle : nothing.sampled(formatShare(settings.share))}
      </EmptyState>
    );
  }
  const { equivalence, lacks, finding } = candidate;
  const { moreNeeded } = equivalence;
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
        <Paper withBorder p="sm">
          <Stack gap="sm">
            <EvidenceMeter
              label={words.toCertificate}
              tone="good"
              evidence={equivalence.logCertificate}
              limit={equivalence.certificateLimit}
            />
            <EvidenceMeter
              label={words.toRefutation}
              tone="bad"
              evidence={equivalence.logRefutation}
              limit={equivalence.refutationLimit}
            />
            {finding === 'undecided' && <Text size="sm">{needed(moreNeeded)}</Text>}
            <Title order={2} size="h4">
              {finding === 'refuted' ? words.refutedBy : words.lacks}
            </Title>
            {lacks.length === 0 ? (
              <Text>{words.lacksNothing}</Text>
            ) : (
              <List size="sm">
                {lacks.map((lack) => (
                  <List.Item key={lack}>{lack}</List.Item>
                ))}
              </List>
            )}
          </Stack>
        </Paper>
        <Paper withBorder p="sm">
          <Title order={2} size="h4">
            {words.rate}
          </Title>
          <Text size="sm">{words.compared(formatCount(equivalence.x), formatCount(equivalence.n))}.</Text>
          <RatePicture candidate={candidate} />
        </Paper>
      </SimpleGrid>
      <ChecksTable candidate={candidate} />
      <StrataTable strata={candidate.strata} />
      <MinuteSeries at={at} tolerance={equivalence.tolerance} />
    </Stack>
  );
}

function needed(more: number | null): string {
  if (more === null) return words.noMore;
  return more === 0 ? words.enough : words.more(formatCount(more));
}
