import { Checkbox, Group, NativeSelect, Stack, Title } from '@mantine/core';
import { useMemo } from 'react';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';
import { usePages } from '../../api/use-pages.js';
import { Banner } from '../../components/Banner.js';
import type { Loading, Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { useWords } from '../../components/use-words.js';
import { flags as text } from '../../text/flags.js';
import { DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { FilterInput } from '../../ui/FilterInput.js';
import { pb } from '../../util/path-builder.js';
import { oneOf, searchWords, textWord, type WordsOf, yesWord } from '../../util/search-words.js';
import { flagColumns } from './flag-columns.js';

const flagsQuery = liveQuery(
  graphql(`
    query Flags(
      $project: String!
      $after: String
      $search: String
      $purpose: FlagPurpose
      $tags: [String!]
      $overdue: Boolean
    ) {
      project(key: $project) {
        flagTags
        flags(first: 100, after: $after, search: $search, purpose: $purpose, tags: $tags, overdue: $overdue) {
          edges {
            node {
              key
              name
              tags
              owner
              dueAt
              isOverdue
              environments {
                environment
                on
                defaultServe
                offVariation
                ruleCount
                targetCount
                updatedAt
              }
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  `),
  ['flag', 'flagSettings', 'release', 'rollout'],
);

type Data = NonNullable<ResultOf<(typeof flagsQuery)['document']>['project']>;
/** A flag, as the list asks for it. */
export type ListedFlag = NonNullable<Data['flags']>['edges'][number]['node'];

const PURPOSES = ['release', 'experiment', 'operational', 'permission'] as const;
const words = searchWords({
  q: textWord(),
  sort: textWord(),
  purpose: oneOf(['', ...PURPOSES], ''),
  tag: textWord(),
  overdue: yesWord(),
});

export const { title } = text;

export const load = ({ params, search, fetch }: Loading<'project'>) =>
  fetch(flagsQuery, variablesOf(params.project, words.read(search)));

export function Page({ params, search, at }: Place<'project'>) {
  const go = useGo();
  const [said, say] = useWords(words, search);
  const { nodes, more, failure, first } = usePages(
    flagsQuery,
    variablesOf(params.project, said),
    (data) => data.project?.flags,
  );
  const columns = useMemo(() => flagColumns(at), [at]);
  const isFiltered = said.q !== '' || said.purpose !== '' || said.tag !== '' || said.overdue;
  const tags = first.project?.flagTags ?? [];
  return (
    <Stack gap="sm">
      <Title order={1}>{text.title}</Title>
      <Banner problems={failure === undefined ? [] : [failure]} />
      <Group gap="sm">
        <FilterInput label={text.filter} value={said.q} onChange={(q) => say({ q })} />
        <NativeSelect
          aria-label={text.filters.purpose}
          value={said.purpose}
          data={[
            { value: '', label: text.filters.anyPurpose },
            ...PURPOSES.map((value) => ({ value, label: text.purposes[value] })),
          ]}
          onChange={({ currentTarget }) =>
            say({ purpose: PURPOSES.find((each) => each === currentTarget.value) ?? '' })
          }
        />
        <NativeSelect
          aria-label={text.filters.tag}
          value={said.tag}
          data={[{ value: '', label: text.filters.anyTag }, ...tags]}
          onChange={({ currentTarget }) => say({ tag: currentTarget.value })}
        />
        <Checkbox
          label={text.filters.overdue}
          checked={said.overdue}
          onChange={({ currentTarget }) => say({ overdue: currentTarget.checked })}
        />
      </Group>
      <DataTable
        label={text.table}
        rows={nodes}
        columns={columns}
        rowKey={({ key }) => key}
        sort={said.sort}
        onSort={(sort) => say({ sort })}
        onOpen={({ key }) => go(pb.flag(at, key))}
        onEnd={more}
        empty={
          isFiltered ? (
            <EmptyState title={text.noMatch} />
          ) : (
            <EmptyState title={text.none.title} cli={text.none.cli}>
              {text.none.text}
            </EmptyState>
          )
        }
      />
    </Stack>
  );
}

/** The filters, as the server is asked; the order is the page's own. */
function variablesOf(project: string, { q, purpose, tag, overdue }: WordsOf<typeof words>) {
  return {
    project,
    search: q === '' ? null : q,
    purpose: purpose === '' ? null : purpose,
    tags: tag === '' ? null : [tag],
    overdue: overdue ? true : null,
  };
}
