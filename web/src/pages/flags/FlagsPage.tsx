import { Checkbox, Group, NativeSelect, Stack, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { useLoaded } from '../../api/live-query.js';
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
import { LIFE_STAGES } from '../../util/life-cycle.js';
import { may } from '../../util/may.js';
import { pb } from '../../util/path-builder.js';
import { oneOf, searchWords, textWord, type WordsOf, yesWord } from '../../util/search-words.js';
import { type AskedSwitch, flagColumns } from './flag-columns.js';
import { flagsQuery } from './flags-query.js';

const PURPOSES = ['release', 'experiment', 'operational', 'permission'] as const;
const STAGES = ['stale', ...LIFE_STAGES] as const;
const SORTS = ['key', 'state', 'stage', 'evaluated', 'owner', 'due'] as const;
const SORT_WORDS = ['', ...SORTS, ...SORTS.map((sort) => `-${sort}` as const)] as const;
const words = searchWords({
  q: textWord(),
  sort: oneOf(SORT_WORDS, ''),
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

export const load = ({ search, at, fetch }: Loading<'project'>) =>
  fetch(flagsQuery, variablesOf(at, words.read(search)));

export function Page({ params, search, at }: Place<'project'>) {
  const go = useGo();
  const [said, say] = useWords(words, search);
  const { nodes, more, failure, first } = usePages(flagsQuery, variablesOf(at, said), (data) => data.project?.flags);
  const [switched, setSwitched] = useState<AskedSwitch>();
  const isWide = useMediaQuery(WIDE, true);
  const columns = useMemo(() => {
    const all = flagColumns(at, setSwitched);
    return isWide ? all : all.filter(({ id }) => !WIDE_ONLY.includes(id));
  }, [at, isWide]);
  const { q, purpose, tag, overdue, owner, state, stage } = said;
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
        rows={nodes}
        columns={columns}
        rowKey={({ key }) => key}
        sort={said.sort}
        onSort={(sort) => say({ sort: SORT_WORDS.find((each) => each === sort) ?? '' })}
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

/** The filters and the order, as the server is asked. */
function variablesOf({ project, environment }: Place['at'], said: WordsOf<typeof words>) {
  const { q, purpose, tag, overdue, owner, state, stage, sort } = said;
  return {
    project,
    environment: environment === '' ? null : environment,
    search: q === '' ? null : q,
    purpose: purpose === '' ? null : purpose,
    tags: tag === '' ? null : [tag],
    overdue: overdue ? true : null,
    owner: owner === '' ? null : owner,
    on: state === '' ? null : state === 'on',
    stage: stage === '' || stage === 'stale' ? null : stage,
    stale: stage === 'stale' ? true : null,
    sort: SORTS.find((each) => sort === each || sort === `-${each}`) ?? 'key',
    descending: sort.startsWith('-'),
  };
}
