import { NativeSelect } from '@mantine/core';
import { useQuery } from 'urql';
import { projectQuery } from '../api/project.js';
import { projectsQuery } from '../api/projects.js';
import { access as text } from '../text/access.js';

/** '' for the whole instance, or all of the project. */
export interface PlaceValues {
  readonly project: string;
  readonly environment: string;
}

interface Props {
  readonly place: PlaceValues;
  readonly onChange: (place: PlaceValues) => void;
  readonly errors: Readonly<Record<string, unknown>>;
  /** Whether what is narrower must be said. */
  readonly needs?: 'project' | 'environment';
}

/** Where something is to count: the whole instance, a project, or one of its environments. */
export function PlaceFields({ place, onChange, errors, needs }: Props) {
  const { project, environment } = place;
  const [{ data: all }] = useQuery({ query: projectsQuery.document, context: projectsQuery.context });
  const [{ data: one }] = useQuery({
    query: projectQuery.document,
    variables: { project },
    context: projectQuery.context,
    pause: project === '',
  });
  const projects = all?.projects.edges.map(({ node }) => ({ value: node.key, label: node.name })) ?? [];
  const environments = one?.project?.environments.map(({ key, name }) => ({ value: key, label: name })) ?? [];
  return (
    <>
      <NativeSelect
        label={text.fields.project}
        data={[{ value: '', label: needs === undefined ? text.fields.wholeInstance : '' }, ...projects]}
        value={project}
        required={needs !== undefined}
        error={toError(errors['project'])}
        onChange={({ currentTarget }) => onChange({ project: currentTarget.value, environment: '' })}
      />
      {project !== '' && (
        <NativeSelect
          label={text.fields.environment}
          data={[{ value: '', label: needs === 'environment' ? '' : text.fields.allOfProject }, ...environments]}
          value={environment}
          required={needs === 'environment'}
          error={toError(errors['environment'])}
          onChange={({ currentTarget }) => onChange({ project, environment: currentTarget.value })}
        />
      )}
    </>
  );
}

function toError(error: unknown): string | undefined {
  return typeof error === 'string' ? error : undefined;
}

/** As the API takes it. */
export function toPlace({ project, environment }: PlaceValues): {
  readonly project: string | null;
  readonly environment: string | null;
} {
  return { project: project || null, environment: environment || null };
}
