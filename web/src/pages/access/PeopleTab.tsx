import { Group, Stack } from '@mantine/core';
import { useMemo, useState } from 'react';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';
import { useFresh } from '../../api/use-fresh.js';
import { usePages } from '../../api/use-pages.js';
import { AppLink } from '../../components/AppLink.js';
import { Banner } from '../../components/Banner.js';
import type { Loading, Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { useViewer } from '../../components/use-viewer.js';
import { useWords } from '../../components/use-words.js';
import { PersonInvite } from '../../forms/person-invite.js';
import { access, people as text } from '../../text/access.js';
import { ActionButton } from '../../ui/ActionButton.js';
import { type Column, DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { FilterInput } from '../../ui/FilterInput.js';
import { Moment } from '../../ui/Moment.js';
import { may } from '../../util/may.js';
import { pb } from '../../util/path-builder.js';
import { accessWords, ASK_MS } from './access-words.js';
import { PersonStatus } from './PersonStatus.js';

const peopleQuery = liveQuery(
  graphql(`
    query People($after: String) {
      people(first: 100, after: $after) {
        edges {
          node {
            id
            email
            name
            status
            createdAt
            roles {
              id
              role
              project
              environment
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `),
  ['person'],
);

type Person = ResultOf<(typeof peopleQuery)['document']>['people']['edges'][number]['node'];

export const loadPeople = (fetch: Loading['fetch']) => fetch(peopleQuery, {});

export function PeopleTab({ project, search }: { readonly project: string } & Pick<Place, 'search'>) {
  const go = useGo();
  const [{ q, sort }, say] = useWords(accessWords, search);
  const { nodes, more, failure } = usePages(peopleQuery, {}, ({ people }) => people);
  useFresh(peopleQuery, {}, ASK_MS);
  const viewer = useViewer();
  const here = useViewer(project === '' ? undefined : { project });
  const [isInviting, setIsInviting] = useState(false);
  const columns = useMemo(() => columnsFor(viewer?.email ?? undefined), [viewer?.email]);
  const rows = useMemo(() => nodes.filter((person) => isAsked(person, q)), [nodes, q]);
  return (
    <Stack gap="sm">
      <Banner problems={failure === undefined ? [] : [failure]} />
      <Group justify="space-between">
        <FilterInput label={text.filter} value={q} onChange={(next) => say({ q: next })} />
        <ActionButton may={may('person.write', here?.abilities ?? [])} onClick={() => setIsInviting(true)}>
          {text.invite.open}
        </ActionButton>
      </Group>
      <DataTable
        label={text.table}
        rows={rows}
        columns={columns}
        rowKey={({ id }) => id}
        sort={sort}
        onSort={(next) => say({ sort: next })}
        onOpen={({ id }) => go(pb.person(id))}
        onEnd={more}
        empty={
          nodes.length === 0 ? (
            <EmptyState title={text.none.title} cli={text.none.cli}>
              {text.none.text}
            </EmptyState>
          ) : (
            <EmptyState title={access.noMatch} />
          )
        }
      />
      {isInviting && <PersonInvite project={project} onClose={() => setIsInviting(false)} />}
    </Stack>
  );
}

function columnsFor(me: string | undefined): readonly Column<Person>[] {
  return [
    {
      id: 'name',
      header: text.columns.name,
      sortBy: ({ name }) => name,
      cell: ({ id, name, email }) => (
        <>
          <AppLink to={pb.person(id)}>{name}</AppLink> {email === me && text.you}
        </>
      ),
    },
    {
      id: 'email',
      header: text.columns.email,
      isMinor: true,
      sortBy: ({ email }) => email,
      cell: ({ email }) => email,
    },
    {
      id: 'status',
      header: text.columns.status,
      width: '110px',
      sortBy: ({ status }) => status,
      cell: ({ status }) => <PersonStatus status={status} />,
    },
    {
      id: 'roles',
      header: text.columns.roles,
      cell: ({ roles }) =>
        roles.length === 0 ? text.noRole : roles.map(({ role, ...where }) => access.roleIn(role, where)).join(', '),
    },
    {
      id: 'since',
      header: text.columns.since,
      width: '130px',
      isMinor: true,
      sortBy: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Moment at={createdAt} />,
    },
  ];
}

function isAsked({ name, email }: Person, q: string): boolean {
  const wanted = q.trim().toLowerCase();
  return [name, email].some((each) => each.toLowerCase().includes(wanted));
}
