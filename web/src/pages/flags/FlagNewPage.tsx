import { Stack, Title } from '@mantine/core';
import { graphql } from '../../api/graphql.js';
import { liveQuery, useLoaded } from '../../api/live-query.js';
import type { Loading, Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { FlagCreate } from '../../forms/flag-create.js';
import { flag as text } from '../../text/flag.js';
import { pb } from '../../util/path-builder.js';

const tagsQuery = liveQuery(
  graphql(`
    query FlagTags($project: String!) {
      project(key: $project) {
        flagTags
      }
    }
  `),
  ['flag'],
);

export const { title } = text.create;

export const load = ({ params, fetch }: Loading<'project'>) => fetch(tagsQuery, { project: params.project });

export function Page({ params, at }: Place<'project'>) {
  const go = useGo();
  const tags = useLoaded(tagsQuery, { project: params.project }).project?.flagTags ?? [];
  return (
    <Stack gap="sm" maw={1_100}>
      <Title order={1}>{text.create.title}</Title>
      <FlagCreate
        at={at}
        knownTags={tags}
        onDone={(key) => go(pb.flag(at, key), 'replace')}
        onCancel={() => go(pb.flags(at))}
      />
    </Stack>
  );
}
