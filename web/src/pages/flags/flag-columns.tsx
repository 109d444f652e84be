import { Text } from '@mantine/core';
import { AppLink } from '../../components/AppLink.js';
import { flags as text } from '../../text/flags.js';
import type { Column } from '../../ui/DataTable.js';
import { Moment } from '../../ui/Moment.js';
import { lastEvaluated, lifeStage } from '../../util/life-cycle.js';
import { type InProject, pb } from '../../util/path-builder.js';
import { describeState } from '../../util/serve.js';
import { EnvironmentSwitches } from './EnvironmentSwitches.js';
import type { ListedFlag } from './FlagsPage.js';
import { StageBadge } from './StageBadge.js';

/** A flag of the list and an environment in which it is to be switched. */
export interface AskedSwitch {
  readonly flag: ListedFlag;
  readonly environment: string;
}

/** The columns of the list of flags, as they stand in an environment. */
export function flagColumns(
  at: InProject,
  now: Date,
  onSwitch: (asked: AskedSwitch) => void,
): readonly Column<ListedFlag>[] {
  const stateOf = (flag: ListedFlag) => flag.environments.find(({ environment }) => environment === at.environment);
  const evaluatedAt = (flag: ListedFlag) =>
    lastEvaluated((flag.usage ?? []).filter(({ environment }) => environment === at.environment));
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
      width: 'min(206px, 30vw)',
      sortBy: (flag) => (stateOf(flag)?.on === true ? text.on : text.off),
      cell: (flag) => (
        <EnvironmentSwitches
          flag={flag.key}
          environments={flag.environments}
          here={at.environment}
          onSwitch={(environment) => onSwitch({ flag, environment })}
        />
      ),
    },
    {
      id: 'serves',
      header: text.columns.serves,
      width: '140px',
      isMinor: true,
      cell: (flag) => {
        const state = stateOf(flag);
        return state && describeState(state);
      },
    },
    {
      id: 'stage',
      header: text.columns.stage,
      width: '100px',
      isMinor: true,
      sortBy: (flag) => text.stages[lifeStage(flag, now)],
      cell: (flag) => <StageBadge stage={lifeStage(flag, now)} />,
    },
    {
      id: 'evaluated',
      header: text.columns.evaluated,
      width: '110px',
      isMinor: true,
      sortBy: evaluatedAt,
      cell: (flag) => <Moment at={evaluatedAt(flag)} absent={text.never} />,
    },
    {
      id: 'tags',
      header: text.columns.tags,
      width: '80px',
      isMinor: true,
      cell: ({ tags }) => tags.join(', '),
    },
    {
      id: 'owner',
      header: text.columns.owner,
      width: '80px',
      isMinor: true,
      sortBy: ({ owner }) => owner ?? undefined,
      cell: ({ owner }) => owner ?? '–',
    },
    {
      id: 'due',
      header: text.columns.due,
      width: '110px',
      isMinor: true,
      sortBy: ({ dueAt }) => dueAt ?? undefined,
      cell: ({ dueAt }) => <Moment at={dueAt} />,
    },
  ];
}
