import { Group, Text } from '@mantine/core';
import { AppLink } from '../../components/AppLink.js';
import { flags as text } from '../../text/flags.js';
import type { Column } from '../../ui/DataTable.js';
import { Moment } from '../../ui/Moment.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { type InProject, pb } from '../../util/path-builder.js';
import { describeServe } from '../../util/serve.js';
import type { ListedFlag } from './FlagsPage.js';

/** The columns of the list of flags, as they stand in an environment. */
export function flagColumns(at: InProject): readonly Column<ListedFlag>[] {
  const stateOf = (flag: ListedFlag) => flag.environments.find(({ environment }) => environment === at.environment);
  return [
    {
      id: 'key',
      header: text.columns.key,
      sortBy: ({ key }) => key,
      cell: ({ key, name }) => (
        <>
          <AppLink to={pb.flag(at, key)}>{key}</AppLink>
          {name !== '' && name !== key && (
            <Text span inherit c="dimmed">
              {' '}
              {name}
            </Text>
          )}
        </>
      ),
    },
    {
      id: 'state',
      header: text.columns.state,
      width: '80px',
      sortBy: (flag) => (stateOf(flag)?.on === true ? text.on : text.off),
      cell: (flag) =>
        stateOf(flag)?.on === true ? (
          <StatusBadge tone="good">{text.on}</StatusBadge>
        ) : (
          <StatusBadge tone="neutral">{text.off}</StatusBadge>
        ),
    },
    {
      id: 'serves',
      header: text.columns.serves,
      width: '210px',
      isMinor: true,
      cell: (flag) => {
        const state = stateOf(flag);
        if (state === undefined) return null;
        const { on, defaultServe, offVariation, ruleCount, targetCount } = state;
        const serves = on ? describeServe(defaultServe) : describeServe(offVariation && { variation: offVariation });
        const parts = [
          serves,
          ...(on && ruleCount > 0 ? [text.rules(ruleCount)] : []),
          ...(on && targetCount > 0 ? [text.targets(targetCount)] : []),
        ];
        return parts.join(' · ');
      },
    },
    {
      id: 'tags',
      header: text.columns.tags,
      width: '160px',
      isMinor: true,
      cell: ({ tags }) => tags.join(', '),
    },
    {
      id: 'owner',
      header: text.columns.owner,
      width: '130px',
      isMinor: true,
      sortBy: ({ owner }) => owner ?? undefined,
      cell: ({ owner }) => owner ?? '–',
    },
    {
      id: 'due',
      header: text.columns.due,
      width: '190px',
      isMinor: true,
      sortBy: ({ dueAt }) => dueAt ?? undefined,
      cell: ({ dueAt, isOverdue }) => (
        <Group gap={6} wrap="nowrap">
          <Moment at={dueAt} />
          {isOverdue && <StatusBadge tone="warning">{text.overdue}</StatusBadge>}
        </Group>
      ),
    },
    {
      id: 'changed',
      header: text.columns.changed,
      width: '120px',
      isMinor: true,
      sortBy: (flag) => stateOf(flag)?.updatedAt ?? undefined,
      cell: (flag) => <Moment at={stateOf(flag)?.updatedAt} />,
    },
  ];
}
