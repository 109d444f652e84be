import { List, Stack, Title } from '@mantine/core';
import { useEffect } from 'react';
import { useLoaded } from '../../api/live-query.js';
import { projectsQuery } from '../../api/projects.js';
import { AppLink } from '../../components/AppLink.js';
import type { Loading } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { shell as text } from '../../text/shell.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { pb } from '../../util/path-builder.js';

export const title = text.home;

export const load = ({ fetch }: Loading) => fetch(projectsQuery, {});

/** The projects that there are; where there is one alone, straight to it. */
export function Page() {
  const go = useGo();
  const projects = useLoaded(projectsQuery, {}).projects.edges;
  const only = projects.length === 1 ? projects[0]?.node.key : undefined;
  useEffect(() => {
    if (only !== undefined) go(pb.overview({ project: only }), 'replace');
  }, [only, go]);

  if (only !== undefined) return null;
  if (projects.length === 0) {
    return (
      <EmptyState title={text.noProjects.title} cli={text.noProjects.cli}>
        {text.noProjects.text}
      </EmptyState>
    );
  }
  return (
    <Stack gap="sm">
      <Title order={1}>{text.home}</Title>
      <List>
        {projects.map(({ node }) => (
          <List.Item key={node.key}>
            <AppLink to={pb.overview({ project: node.key })}>{node.name}</AppLink>
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
