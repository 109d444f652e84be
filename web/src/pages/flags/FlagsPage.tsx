import { Checkbox, Group, NativeSelect, Stack, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery, useLoaded } from '../../api/live-query.js';
import { projectQuery } from '../../api/project.js';
import { usePages } from '../../api/use-pages.js';
import { Banner } from '../../components/Banner.js';
import type { Loading, Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { useWords } from '../../components/use-words.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { FlagSwitch } from '../../forms/flag-switch.js';
import { flags as text } from '../../text/flags.js';
import { ActionButton } from '../../ui/ActionButton.js';
import { DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { FilterInput } from '../../ui/FilterInput.js';
import { isStale, LIFE_STAGES, type LifeStage, lifeStage } from '../../util/life-cycle.js';
import { may } from '../../util/may.js';
import { pb } from '../../util/path-builder.js';
import { oneOf, searchWords, textWord, type WordsOf, yesWord } from '../../util/search-words.js';
import { type AskedSwitch, flagColumns } from './flag-columns.js';

const flagsQuery = liveQuery(
  graphql(`
    query Flags(
      $project: String!
      $after: String
      $search: String
      $purpose: FlagPurpose
      $tags: [String!]
      $overdue: Boolean
      $owner: String
    ) {
      project(key: $project) {
        flagTags
        flags(
          first: 100
          after: $after
          search: $search
          purpose: $purpose
          tags: $tags
          overdue: $overdue
          owner: $owner
        ) {
          edges {
            node {
              key
              name
              tags
              owner
              dueAt
              isOverdue
              purpose
              createdAt
              usage {
                environment
                lastEvaluatedAt
              }
              environments {
                environment
                on
                defaultServe
                offVariation
                ruleCount
                targetCount
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
  ['flag', 'flagSettings'],
);

type Data = NonNullable<ResultOf<(typeof flagsQuery)['document']>['project']>;
/** A flag, as the list asks for it. */
export type ListedFlag = NonNullable<Data['flags']>['edges'][number]['node'];

const PURPOSES = ['release', 'experiment', 'operational', 'permission'] as const;
const STAGES = ['stale', ...LIFE_STAGES] as const;
const words = searchWords({
  q: textWord(),
  sort: textWord(),
  purpose: oneOf(['', ...PURPOSES], ''),
  tag: textWord(),
  overdue: yesWord(),
  owner: textWord(),
  state: oneOf(['', 'on', 'off'], ''),
  stage: oneOf(['', ...STAGES], ''),
});

/** Where all columns leave the key room to be read. */
const WIDE = '(width >= 1180px)';
const WIDE_ONLY: readonly string[] = ['tags', 'owner', 'due'];

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
  const [switched, setSwitched] = useState<AskedSwitch>();
  const [now] = useState(() => new Date());
  const isWide = useMediaQuery(WIDE, true);
  const columns = useMemo(() => {
    const all = flagColumns(at, now, setSwitched);
    return isWide ? all : all.filter(({ id }) => !WIDE_ONLY.includes(id));
  }, [at, now, isWide]);
  const { state, stage, sort } = said;
  const rows = useMemo(
    () => nodes.filter((flag) => isIn(flag, at.environment, state) && isAt(lifeStage(flag, now), stage)),
    [nodes, at.environment, state, stage, now],
  );
  // What the server cannot put in order or narrow needs all of the list.
  const needsAll = [sort, state, stage].some((word) => word !== '');
  useEffect(() => {
    if (needsAll) more?.();
  }, [needsAll, more]);
  const { q, purpose, tag, overdue, owner } = said;
  const isFiltered = [q, purpose, tag, owner, state, stage].some((word) => word !== '') || overdue;
  const tags = first.project?.flagTags ?? [];
  const mayCreate = may('flag.write', useViewerAbilities(at));
  const environments = useLoaded(projectQuery, { project: params.project }).project?.environments ?? [];
  const switchedState = switched?.flag.environments.find(({ environment }) => environment === switched.environment);
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={1}>{text.title}</Title>
        <ActionButton may={mayCreate} onClick={() => go(pb.flagNew(at))}>
          {text.create}
        </ActionButton>
      </Group>
      <Banner problems={failure === undefined ? [] : [failure]} />
      <Group gap="sm">
        <FilterInput label={text.filter} value={q} onChange={(next) => say({ q: next })} width={240} />
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
        <FilterInput
          label={text.filters.owner}
          value={said.owner}
          onChange={(next) => say({ owner: next })}
          width={120}
        />
        <NativeSelect
          aria-label={text.filters.state}
          value={state}
          data={[
            { value: '', label: text.filters.anyState },
            { value: 'on', label: text.filters.on },
            { value: 'off', label: text.filters.off },
          ]}
          onChange={({ currentTarget: { value } }) => say({ state: value === 'on' || value === 'off' ? value : '' })}
        />
        <NativeSelect
          aria-label={text.filters.stage}
          value={stage}
          data={[
            { value: '', label: text.filters.anyStage },
            { value: 'stale', label: text.filters.stale },
            ...LIFE_STAGES.map((value) => ({ value, label: text.stages[value] })),
          ]}
          onChange={({ currentTarget: { value } }) => say({ stage: STAGES.find((each) => each === value) ?? '' })}
        />
        <Checkbox
          label={text.filters.overdue}
          checked={said.overdue}
          onChange={({ currentTarget }) => say({ overdue: currentTarget.checked })}
        />
      </Group>
      <DataTable
        label={text.table}
        rows={rows}
        columns={columns}
        rowKey={({ key }) => key}
        sort={said.sort}
        onSort={(sort) => say({ sort })}
        onOpen={({ key }) => go(pb.flag(at, key))}
        onEnd={more}
        empty={
          isFiltered ? (
            <EmptyState title={more === undefined ? text.noMatch : text.looking} />
          ) : (
            <EmptyState title={text.none.title} cli={text.none.cli}>
              {text.none.text}
            </EmptyState>
          )
        }
      />
      {switched !== undefined && switchedState !== undefined && (
        <FlagSwitch
          at={{ ...at, environment: switched.environment }}
          flag={switched.flag.key}
          state={switchedState}
          isProduction={environments.some(({ key, production }) => key === switched.environment && production)}
          onClose={() => setSwitched(undefined)}
        />
      )}
    </Stack>
  );
}

function isIn(flag: ListedFlag, environment: string, state: '' | 'on' | 'off'): boolean {
  return (
    state === '' || flag.environments.some((each) => each.environment === environment && each.on === (state === 'on'))
  );
}

function isAt(stage: LifeStage, asked: (typeof STAGES)[number] | ''): boolean {
  return asked === '' || (asked === 'stale' ? isStale(stage) : stage === asked);
}

/** The filters, as the server is asked; the order is the page's own. */
function variablesOf(project: string, { q, purpose, tag, overdue, owner }: WordsOf<typeof words>) {
  return {
    project,
    search: q === '' ? null : q,
    purpose: purpose === '' ? null : purpose,
    tags: tag === '' ? null : [tag],
    overdue: overdue ? true : null,
    owner: owner === '' ? null : owner,
  };
}
