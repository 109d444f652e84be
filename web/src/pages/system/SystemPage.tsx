import { NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useLoaded } from '../../api/live-query.js';
import { projectsQuery } from '../../api/projects.js';
import { viewerQuery } from '../../api/viewer.js';
import type { Loading, Place } from '../../components/screen.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { useWords } from '../../components/use-words.js';
import { system as text } from '../../text/system.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { may } from '../../util/may.js';
import { searchWords, textWord } from '../../util/search-words.js';
import { Instances, loadInstances } from './Instances.js';
import { loadReach, Reach } from './Reach.js';
import { loadServer, Server } from './Server.js';

const words = searchWords({ project: textWord(), in: textWord() });

export const { title } = text;

export const load = async ({ search, fetch }: Loading) => {
  const [{ projects }, { viewer }] = await Promise.all([fetch(projectsQuery, {}), fetch(viewerQuery, {})]);
  const asked = words.read(search);
  const project = chosen(projects.edges, asked.project);
  await Promise.all([
    may('system.read', viewer.abilities ?? []).isAllowed ? loadServer(fetch) : undefined,
    project === undefined ? undefined : loadReach(project, fetch),
    project === undefined || asked.in === '' ? undefined : loadInstances({ project, environment: asked.in }, fetch),
  ]);
};

/** How the instance is: what runs it, and who has its newest revisions. */
export function Page({ search }: Place) {
  const [asked, say] = useWords(words, search);
  const { edges } = useLoaded(projectsQuery, {}).projects;
  const project = chosen(edges, asked.project);
  const maySee = may('system.read', useViewerAbilities());
  return (
    <Stack gap="md">
      <Title order={1}>{text.title}</Title>
      <Stack gap="xs">
        <Title order={2}>{text.sdks.title}</Title>
        {project === undefined ? (
          <EmptyState title={text.sdks.noProject.title} cli={text.sdks.noProject.cli}>
            {text.sdks.noProject.text}
          </EmptyState>
        ) : (
          <>
            {edges.length > 1 && (
              <NativeSelect
                label={text.sdks.project}
                w={260}
                data={edges.map(({ node }) => ({ value: node.key, label: node.name }))}
                value={project}
                onChange={({ currentTarget }) => say({ project: currentTarget.value, in: '' })}
              />
            )}
            <Reach project={project} onOpen={(environment) => say({ in: environment })} />
            {asked.in !== '' && <Instances project={project} environment={asked.in} />}
          </>
        )}
      </Stack>
      {maySee.isAllowed ? (
        <Server />
      ) : (
        <Stack gap="xs">
          <Title order={2}>{text.server}</Title>
          <Text c="dimmed">{maySee.reason}</Text>
        </Stack>
      )}
    </Stack>
  );
}

function chosen(edges: readonly { readonly node: { readonly key: string } }[], asked: string): string | undefined {
  return (edges.find(({ node }) => node.key === asked) ?? edges[0])?.node.key;
}
