import { Chip, Group, NativeSelect, Text } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { usePages } from '../../api/use-pages.js';
import { useFresh } from '../../api/use-fresh.js';
import { ListPage } from '../../components/ListPage.js';
import type { ReleaseStatus } from '../../components/ReleaseBadges.js';
import type { Loading, Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { useWords } from '../../components/use-words.js';
import { releases as text } from '../../text/releases.js';
import { CsvButtons } from '../../ui/CsvButtons.js';
import { FilterInput } from '../../ui/FilterInput.js';
import { may } from '../../util/may.js';
import { pb } from '../../util/path-builder.js';
import { oneOf, searchWords, textWord, type WordsOf, yesWord } from '../../util/search-words.js';
import { columnsFor, pathOf } from './release-columns.js';
import { releasesCsv } from './release-csv.js';
import { type ReleaseRow, releasesQuery } from './releases-query.js';
import { SavedViews } from './SavedViews.js';

const SHOWS = ['all', 'attention', 'flight', 'waiting', 'ended'] as const;
type Show = (typeof SHOWS)[number];

const STATUSES: Readonly<Record<Exclude<Show, 'all'>, ReleaseStatus[]>> = {
  attention: ['draft', 'scheduled', 'queued', 'running', 'holding'],
  flight: ['running', 'holding'],
  waiting: ['draft', 'scheduled', 'queued'],
  ended: ['released', 'rolledBack', 'aborted', 'superseded'],
};
/** Sentences say how long ago things were; what changes is told at once. */
const FRESH_MS = 15_000;

const words = searchWords({
  q: textWord(),
  show: oneOf(SHOWS, 'all'),
  policy: textWord(),
  who: textWord(),
  everywhere: yesWord(),
  sort: textWord(),
});

export const title = text.title;

export const load = ({ params, search, at, fetch }: Loading<'project'>) =>
  fetch(releasesQuery, variablesOf(params.project, at.environment, words.read(search)));

export function Page({ params, search, at }: Place<'project'>) {
  const go = useGo();
  const [said, say] = useWords(words, search);
  const { q, show, policy, who, everywhere, sort } = said;
  const variables = useMemo(
    () => variablesOf(params.project, at.environment, { q, show, policy, everywhere }),
    [params.project, at.environment, q, show, policy, everywhere],
  );
  const { nodes, more, failure } = usePages(releasesQuery, variables, (data) => data.releases);
  useFresh(releasesQuery, variables, FRESH_MS);
  const viewer = useViewerAbilities(at);
  const columns = useMemo(() => columnsFor(at, everywhere), [at, everywhere]);
  const rows = useMemo(
    () =>
      nodes.filter(
        ({ attention, createdByName }) =>
          (show !== 'attention' || attention !== null) && (who === '' || createdByName === who),
      ),
    [nodes, show, who],
  );
  // What only the page filters by may leave nothing of a page of the server's: the next one is looked through.
  useEffect(() => {
    if (rows.length === 0) more?.();
  }, [rows.length, more]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const selection = { selected, onChange: setSelected, label: selectLabel, labelAll: text.csv.selectAll };
  // What is not listed any more is not taken along; nothing chosen is all of it.
  const chosen = rows.filter(({ id }) => selected.has(id));
  const taken = chosen.length > 0 ? chosen : rows;
  const isFiltered = q !== '' || show !== 'all' || policy !== '' || who !== '';
  return (
    <ListPage
      title={text.title}
      create={{ label: text.create, may: may('release.write', viewer), run: () => go(pb.releaseNew(at)) }}
      failure={failure}
      filters={
        <>
          <Group gap="xs">
            <FilterInput label={text.filter} value={q} onChange={(next) => say({ q: next })} />
            <Chip.Group value={show} onChange={(next) => say({ show: SHOWS.find((each) => each === next) ?? 'all' })}>
              <Group gap={4} role="group" aria-label={text.show}>
                {SHOWS.map((each) => (
                  <Chip key={each} value={each} size="xs">
                    {text.shows[each]}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
            <Choice
              label={text.policy}
              none={text.anyPolicy}
              values={nodes.map(({ policyKey }) => policyKey)}
              value={policy}
              onChange={(next) => say({ policy: next })}
            />
            <Choice
              label={text.who}
              none={text.anybody}
              values={nodes.flatMap(({ createdByName }) => createdByName ?? [])}
              value={who}
              onChange={(next) => say({ who: next })}
            />
          </Group>
          <Group gap="sm">
            <Chip size="xs" checked={everywhere} onChange={(next) => say({ everywhere: next })}>
              {text.everywhere}
            </Chip>
            <SavedViews
              key={params.project}
              storageKey={`sluice.views.releases.${params.project}`}
              path={pb.releases(at)}
              search={viewOf(said)}
            />
            {rows.length > 0 && (
              <Group gap="xs" ml="auto">
                <Text size="xs" c="dimmed" role="status">
                  {chosen.length > 0
                    ? text.csv.chosen(chosen.length)
                    : text.csv.listed(rows.length, more !== undefined)}
                </Text>
                <CsvButtons
                  {...text.csv.buttons}
                  name={`releases-${params.project}`}
                  toCsv={() => releasesCsv(taken)}
                />
              </Group>
            )}
          </Group>
        </>
      }
      label={text.table}
      rows={rows}
      columns={columns}
      rowKey={({ id }) => id}
      sort={sort}
      onSort={(next) => say({ sort: next })}
      onOpen={(row) => go(pathOf(at, row))}
      onEnd={more}
      selection={selection}
      none={text.none}
      noMatch={text.noMatch}
      isFiltered={isFiltered}
    />
  );
}

function selectLabel({ name }: ReleaseRow): string {
  return text.csv.select(name);
}

interface ChoiceProps {
  readonly label: string;
  /** Said where nothing is chosen. */
  readonly none: string;
  readonly values: readonly string[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** One of what the list has; what the URL says stays to be chosen though nothing has it. */
function Choice({ label, none, values, value, onChange }: ChoiceProps) {
  const offered = [...new Set([...values, ...(value === '' ? [] : [value])])].sort();
  return (
    <NativeSelect
      aria-label={label}
      size="xs"
      value={value}
      data={[{ value: '', label: none }, ...offered]}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

type Said = WordsOf<typeof words>;

function variablesOf(
  project: string,
  environment: string,
  { q, show, policy, everywhere }: Pick<Said, 'q' | 'show' | 'policy' | 'everywhere'>,
) {
  return {
    project,
    environment: everywhere || environment === '' ? null : environment,
    status: show === 'all' ? null : STATUSES[show],
    policy: policy === '' ? null : policy,
    search: q.trim() === '' ? null : q.trim(),
  };
}

/** The words of the list's own: where one is stays with who follows the link. */
function viewOf(said: Said): Readonly<Record<string, string>> {
  const pairs = Object.entries(words.write(said));
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined));
}
