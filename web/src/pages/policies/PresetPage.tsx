import { Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { graphql } from '../../api/graphql.js';
import { liveQuery, present, useLoaded } from '../../api/live-query.js';
import { PolicySteps } from '../../components/PolicySteps.js';
import type { Loading, Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { policy as text } from '../../text/policies.js';
import { ActionButton } from '../../ui/ActionButton.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { may } from '../../util/may.js';
import { pb, withSearch } from '../../util/path-builder.js';
import { readPolicy } from '../../util/policy-document.js';
import { DocumentText } from './DocumentText.js';
import { PlanTab } from './PlanTab.js';

const presetQuery = liveQuery(
  graphql(`
    query PolicyPreset($project: String!) {
      project(key: $project) {
        policyPresets {
          key
          name
          description
          document
        }
      }
    }
  `),
  ['policy'],
);

export const title = ({ params }: Place<'preset'>): string => params.preset;

export const load = ({ params, fetch }: Loading<'project' | 'preset'>) =>
  fetch(presetQuery, { project: params.project });

/** A policy that every project has from the start. */
export function Page({ params, at }: Place<'project' | 'preset'>) {
  const { project } = useLoaded(presetQuery, { project: params.project });
  const preset = present(project?.policyPresets.find(({ key }) => key === params.preset));
  const go = useGo();
  const mayWrite = may('policy.write', useViewerAbilities({ project: at.project }));
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Group gap="sm">
          <Title order={1}>{preset.name}</Title>
          <StatusBadge tone="neutral">{text.preset}</StatusBadge>
        </Group>
        <ActionButton may={mayWrite} onClick={() => go(withSearch(pb.policyNew(at), { from: preset.key }))}>
          {text.copyPreset}
        </ActionButton>
      </Group>
      <Text>{preset.description}</Text>
      <Text c="dimmed">{text.presetText}</Text>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <PolicySteps policy={readPolicy(preset.document)} />
        <Stack gap="sm">
          <PlanTab at={at} policy={preset.key} />
          <Title order={2}>{text.document}</Title>
          <DocumentText document={preset.document} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}
