import { Group, NativeSelect } from '@mantine/core';
import { useLocation } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { projectQuery } from '../api/project.js';
import { projectsQuery } from '../api/projects.js';
import { shell as text } from '../text/shell.js';
import { pb, withSearch } from '../util/path-builder.js';
import { useGo } from './use-go.js';
import { usePlace } from './use-place.js';

/** Says in which project and environment one is, and goes to another. */
export function PlaceSwitch() {
  const place = usePlace();
  const go = useGo();
  const { pathname, searchStr } = useLocation();
  // The lists are a comfort: where they cannot be had, the page says why for itself.
  const [{ data: all }] = useQuery({ query: projectsQuery.document, context: projectsQuery.context });
  const [{ data }] = useQuery({
    query: projectQuery.document,
    variables: { project: place?.project ?? '' },
    context: projectQuery.context,
    pause: place === undefined,
  });
  if (place === undefined) return null;
  const projects = (all?.projects.edges ?? []).map(({ node }) => node);
  const known = projects.some(({ key }) => key === place.project)
    ? projects
    : [{ key: place.project, name: place.project }, ...projects];
  return (
    <Group gap={6} wrap="nowrap">
      <NativeSelect
        aria-label={text.project}
        size="xs"
        value={place.project}
        data={known.map(({ key, name }) => ({ value: key, label: name }))}
        onChange={({ currentTarget }) => go(pb.overview({ project: currentTarget.value }))}
      />
      <NativeSelect
        aria-label={text.environment}
        size="xs"
        value={place.environment}
        data={(data?.project?.environments ?? []).map(({ key, name }) => ({ value: key, label: name }))}
        onChange={({ currentTarget }) => go(withSearch(pathname + searchStr, { environment: currentTarget.value }))}
      />
    </Group>
  );
}
