import { useEffect, useMemo } from 'react';
import { useLoaded } from '../../api/live-query.js';
import { projectsQuery } from '../../api/projects.js';
import type { Loading } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { shell as text } from '../../text/shell.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { pb } from '../../util/path-builder.js';
import { homeQuery } from './home-query.js';
import { ProjectsTable } from './ProjectsTable.js';

export const title = text.home;

export const load = async ({ fetch }: Loading) => {
  const { projects } = await fetch(projectsQuery, {});
  if (projects.edges.length > 1) await fetch(homeQuery, {});
};

/** The projects that there are; where there is one alone, straight to it. */
export function Page() {
  const go = useGo();
  const { edges } = useLoaded(projectsQuery, {}).projects;
  const projects = useMemo(() => edges.map(({ node }) => node), [edges]);
  const only = projects.length === 1 ? projects[0]?.key : undefined;
  useEffect(() => {
    if (only !== undefined) go(pb.overview({ project: only }), 'replace');
  }, [only, go]);

  if (only !== undefined) return null;
  if (projects.length > 0) return <ProjectsTable projects={projects} />;
  return (
    <EmptyState title={text.noProjects.title} cli={text.noProjects.cli}>
      {text.noProjects.text}
    </EmptyState>
  );
}
