import { Stack, Title } from '@mantine/core';
import { graphql } from '../../api/graphql.js';
import { liveQuery, present, useLoaded } from '../../api/live-query.js';
import type { Loading, Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { useWords } from '../../components/use-words.js';
import { PolicyCreate } from '../../forms/policy-write.js';
import { policyForm as text } from '../../text/policies.js';
import { pb } from '../../util/path-builder.js';
import { searchWords, textWord } from '../../util/search-words.js';

const presetsQuery = liveQuery(
  graphql(`
    query PolicyPresets($project: String!) {
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

const words = searchWords({ from: textWord('standard') });

export const title = text.titleNew;

export const load = ({ params, fetch }: Loading<'project'>) => fetch(presetsQuery, { project: params.project });

export function Page({ params, search, at }: Place<'project'>) {
  const go = useGo();
  const [{ from }, say] = useWords(words, search);
  const { policyPresets } = present(useLoaded(presetsQuery, { project: params.project }).project);
  return (
    <Stack gap="sm">
      <Title order={1}>{text.titleNew}</Title>
      <PolicyCreate
        at={at}
        presets={policyPresets}
        from={from}
        onFrom={(key) => say({ from: key })}
        onDone={(key) => go(pb.policy(at, key), 'replace')}
        onCancel={() => go(pb.policies(at))}
      />
    </Stack>
  );
}
