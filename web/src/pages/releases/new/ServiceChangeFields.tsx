import { Code, NativeSelect, Text } from '@mantine/core';
import { useQuery } from 'urql';
import { graphql, type ResultOf } from '../../../api/graphql.js';
import { liveQuery } from '../../../api/live-query.js';
import { changesStep } from '../../../text/new-release.js';
import { EmptyState } from '../../../ui/EmptyState.js';
import type { InProject } from '../../../util/path-builder.js';
import type { WrittenServiceChange } from '../../../util/release-draft.js';
import classes from './NewReleasePage.module.css';
import type { Choices } from './release-queries.js';

const text = changesStep.service;

const versionsQuery = liveQuery(
  graphql(`
    query VersionsToRelease($project: String!, $service: String!) {
      project(key: $project) {
        service(key: $service) {
          environments {
            environment
            stable {
              version
            }
            installed {
              version
              digest
            }
          }
        }
      }
    }
  `),
  ['service', 'deployment', 'release'],
);

type Project = NonNullable<ResultOf<(typeof versionsQuery)['document']>['project']>;
type Standing = NonNullable<NonNullable<Project['service']>['environments']>[number];

interface Props {
  readonly at: InProject & { readonly environment: string };
  readonly choices: Choices;
  readonly change: WrittenServiceChange;
  readonly say: (changes: Partial<WrittenServiceChange>) => void;
  readonly errorOf: (field: string) => string | undefined;
}

/** A version of a service, out of those that CI reported, with the digest that it was reported with. */
export function ServiceChangeFields({ at, choices, change, say, errorOf }: Props) {
  const services = (choices.services?.edges ?? []).map(({ node }) => node);
  const [{ data }] = useQuery({
    query: versionsQuery.document,
    variables: { project: at.project, service: change.service },
    context: versionsQuery.context,
    pause: !services.some(({ key }) => key === change.service),
  });
  if (services.length === 0) return <EmptyState title={text.none.title} cli={text.none.cli} />;
  const standings = change.service === '' ? [] : (data?.project?.service?.environments ?? []);
  const groups = versionsOf(standings, at.environment);
  const digests = new Map(groups.flatMap(({ versions }) => versions).map(({ version, digest }) => [version, digest]));
  return (
    <>
      <div className={classes['fields']}>
        <NativeSelect
          label={text.service}
          value={change.service}
          data={[
            { value: '', label: text.choose },
            ...services.map(({ key, name }) => ({ value: key, label: name === key ? key : `${name} (${key})` })),
          ]}
          error={errorOf('service')}
          onChange={({ currentTarget }) => say({ service: currentTarget.value, version: '', digest: '' })}
        />
        <NativeSelect
          label={text.version}
          value={change.version}
          data={[
            { value: '', label: text.choose },
            // What was chosen stays chosen while the versions are not known.
            ...(change.version === '' || digests.has(change.version) ? [] : [change.version]),
            ...groups.map(({ label, versions }) => ({
              group: label,
              items: versions.map(({ version, note }) => ({ value: version, label: [version, ...note].join(', ') })),
            })),
          ]}
          error={errorOf('version')}
          onChange={({ currentTarget: { value } }) => say({ version: value, digest: digests.get(value) ?? '' })}
        />
      </div>
      {change.digest !== '' && (
        <Text size="sm">
          {text.digest} <Code>{change.digest}</Code>
        </Text>
      )}
    </>
  );
}

interface VersionGroup {
  readonly label: string;
  readonly versions: readonly { readonly version: string; readonly digest: string; readonly note: readonly string[] }[];
}

/** Those that are installed here first; then what was reported elsewhere and not here. */
function versionsOf(standings: readonly Standing[], here: string): readonly VersionGroup[] {
  const seen = new Set<string>();
  const inOrder = [...standings].sort(
    (one, other) => Number(other.environment === here) - Number(one.environment === here),
  );
  return inOrder.flatMap(({ environment, installed, stable }) => {
    const versions = installed
      .filter(({ version }) => !seen.has(version))
      .map(({ version, digest }) => ({
        ...{ version, digest },
        note: environment === here && stable?.version === version ? [text.stable] : [],
      }));
    for (const { version } of versions) seen.add(version);
    const label = environment === here ? text.installed(environment) : text.elsewhere(environment);
    return versions.length === 0 ? [] : [{ label, versions }];
  });
}
