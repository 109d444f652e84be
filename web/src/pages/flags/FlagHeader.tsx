import { Badge, Button, Group, Kbd, Stack, Table, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { AppLink } from '../../components/AppLink.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { flag as text } from '../../text/flag.js';
import { flags as listText } from '../../text/flags.js';
import { ActionButton } from '../../ui/ActionButton.js';
import { CutSentence } from '../../ui/CutSentence.js';
import { Moment } from '../../ui/Moment.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { lastEvaluated } from '../../util/life-cycle.js';
import { may } from '../../util/may.js';
import { type InProject, pb } from '../../util/path-builder.js';
import { describeState } from '../../util/serve.js';
import classes from './FlagHeader.module.css';
import type { ShownFlag } from './flag-query.js';
import { StageBadge } from './StageBadge.js';

interface Props {
  readonly at: InProject & { readonly environment: string };
  readonly flag: ShownFlag;
  /** Keys of the environments that are production. */
  readonly productions: readonly string[];
  readonly onSwitch: (environment: string) => void;
}

/** What a flag is, and its state in each environment, with the switch there. */
export function FlagHeader({ at, flag, productions, onSwitch }: Props) {
  const { key, name, description, tags, owner, dueAt } = flag;
  const here = flag.environments.find(({ environment }) => environment === at.environment);
  const mayWrite = may('flag.write', useViewerAbilities(at));
  const isOn = here?.on === true;
  return (
    <Stack gap="xs">
      <Group justify="space-between" align="start" gap="sm">
        <Stack gap={2} className={classes['names']}>
          <Group gap="xs">
            <Title order={1} className={classes['key']}>
              {key}
            </Title>
            <Badge variant="default" tt="none">
              {text.types[flag.type]}
            </Badge>
            <StageBadge stage={flag.stage} />
          </Group>
          {name !== key && <Text c="dimmed">{name}</Text>}
        </Stack>
        {here !== undefined && (
          <ActionButton
            may={mayWrite}
            size="sm"
            color={isOn ? 'red' : 'blue'}
            onClick={() => onSwitch(at.environment)}
            {...(isOn && { rightSection: <Kbd size="xs">k</Kbd> })}
          >
            {isOn ? text.switch.offVerb(at.environment) : text.switch.onVerb(at.environment)}
          </ActionButton>
        )}
      </Group>
      {description !== '' && <Text className={classes['description']}>{description}</Text>}
      <dl className={classes['facts']}>
        <Fact name={text.facts.purpose}>{listText.purposes[flag.purpose]}</Fact>
        <Fact name={text.facts.owner}>{owner ?? text.nobody}</Fact>
        <Fact name={text.facts.due}>
          <Moment at={dueAt} absent={text.noDue} />
        </Fact>
        <Fact name={text.facts.tags}>{tags.length === 0 ? text.noTags : tags.join(', ')}</Fact>
        <Fact name={text.facts.evaluated}>
          <Moment at={lastEvaluated(flag.usage ?? [])} absent={listText.never} />
        </Fact>
        <Fact name={text.facts.created}>
          <Moment at={flag.createdAt} />
        </Fact>
      </dl>
      <Table aria-label={text.environments.label} withTableBorder className={classes['states']}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{text.environments.environment}</Table.Th>
            <Table.Th>{text.environments.state}</Table.Th>
            <Table.Th>{text.environments.serves}</Table.Th>
            <Table.Th className={classes['minor'] ?? ''}>{text.environments.evaluated}</Table.Th>
            <Table.Th className={classes['minor'] ?? ''}>{text.environments.hold}</Table.Th>
            <Table.Th>{text.environments.switch}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {flag.environments.map((state) => {
            const { environment, on, hold } = state;
            const usage = (flag.usage ?? []).filter((each) => each.environment === environment);
            const isHere = environment === at.environment;
            return (
              <Table.Tr key={environment} data-here={isHere} aria-current={isHere ? 'true' : undefined}>
                <Table.Td>
                  <AppLink to={pb.flag({ ...at, environment }, key)}>{environment}</AppLink>
                  {productions.includes(environment) && environment !== 'production' && (
                    <Text span inherit c="dimmed">
                      {' '}
                      {text.environments.production}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <StatusBadge tone={on ? 'good' : 'neutral'}>{on ? listText.on : listText.off}</StatusBadge>
                </Table.Td>
                <Table.Td>{describeState(state)}</Table.Td>
                <Table.Td className={classes['minor'] ?? ''}>
                  <Moment at={lastEvaluated(usage)} absent={listText.never} />
                </Table.Td>
                <Table.Td className={classes['minor'] ?? ''}>
                  {hold === null ? (
                    '–'
                  ) : (
                    <AppLink to={pb.release(at, hold.releaseId)}>
                      <CutSentence>{hold.sentence}</CutSentence>
                    </AppLink>
                  )}
                </Table.Td>
                <Table.Td>
                  <Button
                    variant="default"
                    size="compact-xs"
                    aria-label={on ? text.switch.offIn(key, environment) : text.switch.onIn(key, environment)}
                    onClick={() => onSwitch(environment)}
                  >
                    {on ? text.switch.off : text.switch.on}
                  </Button>
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
