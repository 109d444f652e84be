import { Button, List, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { graphql } from '../../api/graphql.js';
import { liveQuery, useLoaded } from '../../api/live-query.js';
import type { Loading } from '../../components/screen.js';
import { AccountLeave } from '../../forms/account-leave.js';
import { AccountPassword } from '../../forms/account-password.js';
import { access, account as text } from '../../text/access.js';

const accountQuery = liveQuery(
  graphql(`
    query Account {
      viewer {
        name
        email
        roles {
          id
          role
          project
          environment
        }
      }
    }
  `),
  ['person'],
);

export const { title } = text;

export const load = ({ fetch }: Loading) => fetch(accountQuery, {});

/** The viewer's own: what they may do where, their password and their sessions. */
export function Page() {
  const { viewer } = useLoaded(accountQuery, {});
  const [isLeaving, setIsLeaving] = useState(false);
  return (
    <Stack gap="md" maw={900}>
      <Title order={1}>{text.title}</Title>
      <Text>
        {text.signedInAs} <strong>{viewer.name}</strong> {viewer.email}
      </Text>
      <Stack gap={4}>
        <Title order={2}>{text.roles}</Title>
        {viewer.roles.length === 0 ? (
          <Text>{text.noRole}</Text>
        ) : (
          <List>
            {viewer.roles.map(({ id, role, ...where }) => (
              <List.Item key={id}>{access.roleIn(role, where)}</List.Item>
            ))}
          </List>
        )}
      </Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Paper withBorder p="sm">
          <Stack gap="sm">
            <Title order={2}>{text.password.title}</Title>
            <AccountPassword />
          </Stack>
        </Paper>
        <Paper withBorder p="sm">
          <Stack gap="sm" align="flex-start">
            <Title order={2}>{text.everywhere.title}</Title>
            <Text>{text.everywhere.text}</Text>
            <Button variant="default" onClick={() => setIsLeaving(true)}>
              {text.everywhere.open}
            </Button>
          </Stack>
        </Paper>
      </SimpleGrid>
      {isLeaving && <AccountLeave onClose={() => setIsLeaving(false)} />}
    </Stack>
  );
}
