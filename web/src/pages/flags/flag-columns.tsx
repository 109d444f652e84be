import { Text } from '@mantine/core';
import { AppLink } from '../../components/AppLink.js';
import { flags as text } from '../../text/flags.js';
import type { Column } from '../../ui/DataTable.js';
import { Moment } from '../../ui/Moment.js';
import { type InProject, pb } from '../../util/path-builder.js';
import { describeState } from '../../util/serve.js';
import { EnvironmentSwitches } from './EnvironmentSwitches.js';
import type { ListedFlag } from './flags-query.js';
import { StageBadge } from './StageBadge.js';

/** A flag of the list and an environment in which it is to be switched. */
export interface AskedSwitch {
  readonly flag: ListedFlag;
  readonly environment: string;
}

/** The server puts flags in order by a column of this: to the table they are all alike. */
const byServer = () => 0;

/** The columns of the list of flags, as they stand in an environment; those to sort by have the server's words as ids. */
export function flagColumns(at: InProject, onSwitch: (asked: AskedSwitch) => void): readonly Column<ListedFlag>[] {
  const stateOf = (flag: ListedFlag) => flag.environments.find(({ environment }) => environment === at.environment);
  return [
    {
      id: 'key',
      header: text.columns.key,
      sortBy: byServer,
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
      sortBy: byServer,
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
      sortBy: byServer,
      cell: ({ stage }) => <StageBadge stage={stage} />,
    },
    {
      id: 'evaluated',
      header: text.columns.evaluated,
      width: '110px',
      isMinor: true,
      sortBy: byServer,
      cell: ({ usage }) => <Moment at={usage?.[0]?.lastEvaluatedAt} absent={text.never} />,
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
      sortBy: byServer,
      cell: ({ owner }) => owner ?? '–',
    },
    {
      id: 'due',
      header: text.columns.due,
      width: '110px',
      isMinor: true,
      sortBy: byServer,
      cell: ({ dueAt }) => <Moment at={dueAt} />,
    },
  ];
}
