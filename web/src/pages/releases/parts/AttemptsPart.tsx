import { Anchor, Table, Text } from '@mantine/core';
import { AppLink } from '../../../components/AppLink.js';
import { releases as text } from '../../../text/releases.js';
import { Elapsed } from '../../../ui/Elapsed.js';
import { Moment } from '../../../ui/Moment.js';
import { Sentence } from '../../../ui/Sentence.js';
import { StatusBadge, type Tone } from '../../../ui/StatusBadge.js';
import { formatDuration } from '../../../util/moment.js';
import { type InProject, pb, withSearch } from '../../../util/path-builder.js';
import { formatShare } from '../../../util/share.js';
import type { Release } from '../release-query.js';

const words = text.attempts;
const TONES: Readonly<Record<string, Tone>> = { running: 'active', released: 'good', rolledBack: 'bad' };

/** Every attempt and how it ended; each leads to its steps and its evidence. */
export function AttemptsPart({ release, at }: { readonly release: Release; readonly at: InProject }) {
  const attempts = release.attempts ?? [];
  if (attempts.length === 0) return <Text c="dimmed">{words.none}</Text>;
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table aria-label={text.parts.attempts}>
        <Table.Thead>
          <Table.Tr>
            {[words.attempt, words.ended, words.came, words.when, words.lasted, words.why, words.evidence].map(
              (each) => (
                <Table.Th key={each}>{each}</Table.Th>
              ),
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {[...attempts].reverse().map(({ attempt, status, stepIndex, share, startedAt, finishedAt, reason }) => (
            <Table.Tr key={attempt}>
              <Table.Td>
                <AppLink
                  to={withSearch(pb.release(at, release.id), {
                    part: 'attempts',
                    attempt: attempt === release.attempt ? '' : String(attempt),
                  })}
                  aria-label={words.show(attempt)}
                >
                  {attempt}
                </AppLink>
              </Table.Td>
              <Table.Td>
                <StatusBadge tone={TONES[status] ?? 'neutral'}>{words.statuses[status] ?? status}</StatusBadge>
              </Table.Td>
              <Table.Td>{text.steps.step(stepIndex + 1, formatShare(share))}</Table.Td>
              <Table.Td>
                <Moment at={startedAt} />
              </Table.Td>
              <Table.Td>
                {finishedAt === null ? (
                  <Elapsed since={startedAt} />
                ) : (
                  formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))
                )}
              </Table.Td>
              <Table.Td>
                <Sentence>{reason.sentence}</Sentence>
              </Table.Td>
              <Table.Td>
                {release.verdictPath !== null && (
                  <Anchor
                    href={withSearch(release.verdictPath, { attempt: String(attempt) })}
                    download={`verdict-${release.id}-${attempt}.json`}
                  >
                    {text.verdictBundle}
                  </Anchor>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
