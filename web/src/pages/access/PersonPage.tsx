import { Group, Paper, Stack, Table, Title } from '@mantine/core';
import { useState } from 'react';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery, present, useLoaded } from '../../api/live-query.js';
import { projectsQuery } from '../../api/projects.js';
import { useFresh } from '../../api/use-fresh.js';
import { AppLink } from '../../components/AppLink.js';
import type { Loading, Place } from '../../components/screen.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { PersonDisable } from '../../forms/person-disable.js';
import { PersonGrant } from '../../forms/person-grant.js';
import { PersonReset } from '../../forms/person-reset.js';
import { PersonTake } from '../../forms/person-take.js';
import { access, people as text } from '../../text/access.js';
import { ActionButton } from '../../ui/ActionButton.js';
import { KeyValue } from '../../ui/KeyValue.js';
import { Moment } from '../../ui/Moment.js';
import { may } from '../../util/may.js';
import { pb } from '../../util/path-builder.js';
import { ASK_MS } from './access-words.js';
import { PersonStatus } from './PersonStatus.js';

const personQuery = liveQuery(
  graphql(`
    query Person($person: ID!) {
      person(id: $person) {
        id
        email
        name
        status
        createdAt
        caution
        roles {
          id
          role
          project
          environment
          grantedAt
        }
      }
    }
  `),
  ['person'],
);

type Role = NonNullable<ResultOf<(typeof personQuery)['document']>['person']>['roles'][number];

export const title = text.table;

export const load = ({ params, fetch }: Loading<'person'>) =>
  Promise.all([fetch(personQuery, params), fetch(projectsQuery, {})]);

/** What one person may do where, and whether they can sign in. */
export function Page({ params }: Place<'person'>) {
  const person = present(useLoaded(personQuery, params).person);
  const project = useLoaded(projectsQuery, {}).projects.edges[0]?.node.key ?? '';
  useFresh(personQuery, params, ASK_MS);
  const [asked, setAsked] = useState<'disable' | 'reset' | Role>();
  const mayManage = may('person.write', useViewerAbilities());
  const close = (): void => setAsked(undefined);
  return (
    <Stack gap="md">
      <div>
        <AppLink to={pb.access()}>{access.title}</AppLink>
        <Group justify="space-between" gap="sm">
          <Group gap="sm">
            <Title order={1}>{person.name}</Title>
            <PersonStatus status={person.status} />
          </Group>
          <Group gap="xs">
            <ActionButton variant="default" may={mayManage} onClick={() => setAsked('reset')}>
              {text.reset.open}
            </ActionButton>
            <ActionButton variant="default" may={mayManage} onClick={() => setAsked('disable')}>
              {person.status === 'disabled' ? text.enable.open : text.disable.open}
            </ActionButton>
          </Group>
        </Group>
      </div>
      <KeyValue
        items={{ [text.columns.email]: person.email, [text.columns.since]: <Moment at={person.createdAt} /> }}
      />
      <Stack gap="xs">
        <Title order={2}>{text.columns.roles}</Title>
        {person.roles.length === 0 ? (
          text.noRole
        ) : (
          <Table aria-label={text.rolesOf(person.name)} maw={760}>
            <Table.Tbody>
              {person.roles.map((role) => (
                <RoleRow key={role.id} role={role} onTake={() => setAsked(role)} />
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Stack>
      <Paper withBorder p="sm" maw={760}>
        <Stack gap="xs">
          <Title order={2}>{text.grant.title}</Title>
          <PersonGrant person={person} project={project} />
        </Stack>
      </Paper>
      {asked === 'reset' && <PersonReset person={person} onClose={close} />}
      {asked === 'disable' && <PersonDisable person={person} onClose={close} />}
      {typeof asked === 'object' && (
        <PersonTake person={person} role={{ id: asked.id, words: access.roleIn(asked.role, asked) }} onClose={close} />
      )}
    </Stack>
  );
}

function RoleRow({ role, onTake }: { readonly role: Role; readonly onTake: () => void }) {
  const { project, environment } = role;
  const abilities = useViewerAbilities(project === null ? undefined : { project, environment: environment ?? '' });
  const words = access.roleIn(role.role, role);
  return (
    <Table.Tr>
      <Table.Td>{words}</Table.Td>
      <Table.Td>
        <Moment at={role.grantedAt} />
      </Table.Td>
      <Table.Td ta="end">
        <ActionButton
          variant="default"
          may={may('person.write', abilities)}
          onClick={onTake}
          aria-label={text.take.label(words)}
        >
          {text.take.open}
        </ActionButton>
      </Table.Td>
    </Table.Tr>
  );
}
