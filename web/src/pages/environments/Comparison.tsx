import { ActionIcon, Button, Chip, Group, NativeSelect, Paper, Stack, Title } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import { present } from '../../api/live-query.js';
import { usePages } from '../../api/use-pages.js';
import { Banner } from '../../components/Banner.js';
import type { Loading, Place } from '../../components/screen.js';
import { useWords } from '../../components/use-words.js';
import { SettingsPromote, useMayPromote } from '../../forms/settings-promote.js';
import { environments as text } from '../../text/environments.js';
import { ActionButton } from '../../ui/ActionButton.js';
import { DataTable } from '../../ui/DataTable.js';
import { DiffView } from '../../ui/DiffView.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { Icon } from '../../ui/Icon.js';
import type { Sides } from '../../util/compare-sides.js';
import { both, type May } from '../../util/may.js';
import { manyOf, searchWords, textWord } from '../../util/search-words.js';
import { formatCount } from '../../util/share.js';
import { toggled } from '../../util/toggled.js';
import { columnsOf } from './comparison-columns.js';
import { type ComparedFlag, comparisonQuery } from './comparison-query.js';

const LIKENESSES = ['different', 'onlyLeft', 'onlyRight', 'same'] as const;
const MOST = 100;

export const comparisonWords = searchWords({
  from: textWord(),
  to: textWord(),
  show: manyOf(LIKENESSES),
  flag: textWord(),
});

const variablesOf = (project: string, { from, to }: Sides, show: readonly (typeof LIKENESSES)[number][]) => ({
  ...{ project, left: from, right: to },
  ...(show.length > 0 && { likeness: [...show] }),
});

export const loadComparison = (
  project: string,
  sides: Sides,
  search: Place['search'],
  fetch: Loading['fetch'],
): Promise<unknown> => fetch(comparisonQuery, variablesOf(project, sides, comparisonWords.read(search).show));

interface Props {
  readonly project: string;
  readonly environments: readonly { readonly key: string; readonly name: string; readonly production: boolean }[];
  readonly sides: Sides;
  readonly search: Place['search'];
}

/** What flags decide in two environments, and what of it is carried over from one to the other. */
export function Comparison({ project, environments, sides, search }: Props) {
  const { from, to } = sides;
  const words = text.compare;
  const [{ show, flag }, say] = useWords(comparisonWords, search);
  const { first, nodes, more, failure } = usePages(
    comparisonQuery,
    variablesOf(project, sides, show),
    (data) => data.project?.compareEnvironments?.flags,
  );
  const counts = present(first.project?.compareEnvironments);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isPromoting, setIsPromoting] = useState(false);
  // What is not shown is not promoted, and what is the same by now has nothing to promote.
  const chosen = useMemo(
    () => nodes.filter((each) => selected.has(each.flag) && each.likeness !== 'same'),
    [nodes, selected],
  );
  const opened = nodes.find((each) => each.flag === flag);
  const mayPromote = both(mayOf(chosen.length), useMayPromote(project, sides));

  const go = (next: Partial<Sides>): void => {
    setSelected(new Set());
    say({ ...next, flag: '' });
  };
  const toggle = useCallback((key: string): void => {
    setSelected((known) => toggled(known, key));
  }, []);
  const open = useCallback((key: string): void => say({ flag: key }), [say]);
  const columns = useMemo(() => columnsOf({ from, to }, selected, toggle, open), [from, to, selected, toggle, open]);
  const choices = environments.map(({ key, name }) => ({ value: key, label: name }));
  return (
    <Stack gap="sm">
      <Title order={2}>{words.title}</Title>
      <Group gap="sm" align="flex-end">
        <NativeSelect
          label={words.from}
          data={choices}
          value={from}
          onChange={({ currentTarget: { value } }) => go(value === to ? { from: to, to: from } : { from: value, to })}
        />
        <ActionIcon aria-label={words.swap} size="lg" onClick={() => go({ from: to, to: from })}>
          <Icon name="back" />
        </ActionIcon>
        <NativeSelect
          label={words.to}
          data={choices}
          value={to}
          onChange={({ currentTarget: { value } }) => go(value === from ? { from: to, to: from } : { from, to: value })}
        />
        <Chip.Group
          multiple
          value={[...show]}
          onChange={(next) => say({ show: LIKENESSES.filter((each) => next.includes(each)) })}
        >
          <Group gap={4} role="group" aria-label={words.filter}>
            {LIKENESSES.map((likeness) => (
              <Chip key={likeness} value={likeness} size="xs" variant="outline">
                {words.counted(formatCount(counts[likeness]), words.likeness[likeness](from, to))}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Group>
      <Banner problems={failure === undefined ? [] : [failure]} />
      <Group gap="xs">
        <Button
          variant="default"
          onClick={() =>
            setSelected(new Set(nodes.filter(({ likeness }) => likeness !== 'same').map((each) => each.flag)))
          }
        >
          {words.selectAll}
        </Button>
        <Button variant="default" onClick={() => setSelected(new Set())}>
          {words.selectNone}
        </Button>
        <ActionButton may={mayPromote} onClick={() => setIsPromoting(true)}>
          {text.promote.open(chosen.length, to)}
        </ActionButton>
      </Group>
      <DataTable
        label={words.table(from, to)}
        rows={nodes}
        columns={columns}
        rowKey={(each) => each.flag}
        onOpen={(each) => open(each.flag)}
        onEnd={more}
        empty={
          show.length === 0 ? (
            <EmptyState title={words.noFlags.title} cli={words.noFlags.cli}>
              {words.noFlags.text}
            </EmptyState>
          ) : (
            <EmptyState title={words.noMatch} />
          )
        }
      />
      {opened !== undefined && (
        <Paper withBorder p="sm" component="section" aria-label={words.diff(opened.flag)}>
          <Group justify="space-between" mb="xs">
            <Title order={3}>{words.diff(opened.flag)}</Title>
            <ActionIcon aria-label={words.close} onClick={() => say({ flag: '' })}>
              <Icon name="cross" />
            </ActionIcon>
          </Group>
          <DiffView
            before={shownOf(opened, opened.right)}
            after={shownOf(opened, opened.left)}
            labels={[words.before(to), words.after(from, to)]}
          />
        </Paper>
      )}
      {isPromoting && (
        <SettingsPromote
          project={project}
          sides={sides}
          isProduction={environments.some(({ key, production }) => key === to && production)}
          flags={chosen.map((each) => ({
            flag: each.flag,
            fromVersion: each.left.version,
            toVersion: each.right.version,
            hold: each.right.hold?.sentence ?? null,
          }))}
          onDone={() => {
            setSelected(new Set());
            setIsPromoting(false);
          }}
          onClose={() => setIsPromoting(false)}
        />
      )}
    </Stack>
  );
}

/** What differs; all of it where nothing does. */
function shownOf({ fields }: ComparedFlag, settings: ComparedFlag['left']): unknown {
  const { on, defaultServe, offVariation, rules, targets, prerequisites } = settings;
  const all = { on, defaultServe, offVariation, rules, targets, prerequisites };
  return fields.length === 0 ? all : Object.fromEntries(fields.map((field) => [field, all[field]]));
}

function mayOf(count: number): May {
  if (count === 0) return { isAllowed: false, reason: text.promote.none };
  return count > MOST ? { isAllowed: false, reason: text.promote.tooMany } : { isAllowed: true };
}
