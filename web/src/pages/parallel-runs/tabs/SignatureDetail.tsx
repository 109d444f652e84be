import { ActionIcon, Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useViewerAbilities } from '../../../components/use-viewer.js';
import { parallelRun as text } from '../../../text/parallel-run.js';
import { ActionButton } from '../../../ui/ActionButton.js';
import { DiffView } from '../../../ui/DiffView.js';
import { Icon } from '../../../ui/Icon.js';
import { KeyValue } from '../../../ui/KeyValue.js';
import { Moment } from '../../../ui/Moment.js';
import { may } from '../../../util/may.js';
import { sampleSides } from '../../../util/sample-sides.js';
import { formatCount, formatRate } from '../../../util/share.js';
import type { ShownSignature } from './MismatchesTab.js';

const words = text.signatures;
const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

interface Props {
  readonly at: { readonly project: string; readonly environment: string };
  readonly signature: ShownSignature;
  readonly onRule: () => void;
  readonly onClose: () => void;
}

/** One fault: where it is, and what the old code and the new answered in the calls that were kept. */
export function SignatureDetail({ at, signature, onRule, onClose }: Props) {
  const { places, samples, maxDelta, n, noise, excess } = signature;
  const [asked, setAsked] = useState(0);
  const shown = Math.min(asked, samples.length - 1);
  const sample = samples[shown];
  return (
    <Paper withBorder p="sm" component="section" aria-label={words.title}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h3">
            {words.title}
          </Title>
          <Group gap="xs">
            <ActionButton may={may('parallelRun.write', useViewerAbilities(at))} onClick={onRule} variant="default">
              {words.addRule}
            </ActionButton>
            <ActionIcon aria-label={words.close} onClick={onClose}>
              <Icon name="cross" />
            </ActionIcon>
          </Group>
        </Group>
        <Text>{words.noiseWords(formatCount(n), formatCount(noise), formatCount(excess))}</Text>
        {maxDelta !== null && (
          <Text>{words.delta(number.format(maxDelta.absolute), formatRate(maxDelta.relative))}</Text>
        )}
        <Table.ScrollContainer minWidth={320}>
          <Table aria-label={words.places} withTableBorder>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.path}</Table.Th>
                <Table.Th>{words.change}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {places.map(({ path, kind, transition }) => (
                <Table.Tr key={`${path} ${kind} ${transition}`}>
                  <Table.Td ff="monospace">{path}</Table.Td>
                  <Table.Td>
                    {words.kind[kind]} {transition}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        {sample === undefined ? (
          <Text c="dimmed">{words.noSamples}</Text>
        ) : (
          <>
            <Group gap="xs">
              <Title order={3} size="h4">
                {words.sample(shown + 1, samples.length)}
              </Title>
              <ActionIcon aria-label={words.before} disabled={shown === 0} onClick={() => setAsked(shown - 1)}>
                <Icon name="up" />
              </ActionIcon>
              <ActionIcon
                aria-label={words.next}
                disabled={shown === samples.length - 1}
                onClick={() => setAsked(shown + 1)}
              >
                <Icon name="down" />
              </ActionIcon>
            </Group>
            <Sample sample={sample} />
          </>
        )}
      </Stack>
    </Paper>
  );
}

function Sample({ sample }: { readonly sample: ShownSignature['samples'][number] }) {
  const { control, candidate, hasDigests } = sampleSides(sample.values);
  return (
    <>
      <DiffView before={control} after={candidate} labels={[words.control, words.candidate]} />
      {hasDigests && (
        <Text size="sm" c="dimmed">
          {words.digests}
        </Text>
      )}
      <KeyValue
        items={{
          [words.taken]: <Moment at={sample.at} />,
          [words.input]: <code>{sample.input || '–'}</code>,
          [words.stratum]: sample.stratum || '–',
          [words.trace]: sample.traceId === '' ? '–' : <code>{sample.traceId}</code>,
        }}
      />
    </>
  );
}
