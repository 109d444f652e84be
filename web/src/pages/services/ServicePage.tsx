import { Anchor, Group, List, Stack, Table, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery, present, useLoaded } from '../../api/live-query.js';
import { useFresh } from '../../api/use-fresh.js';
import type { Loading, Place } from '../../components/screen.js';
import { services as text } from '../../text/services.js';
import { Moment } from '../../ui/Moment.js';
import { Sentence } from '../../ui/Sentence.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { shortDigest } from '../../util/digest.js';
import { formatCount } from '../../util/share.js';
import { DeploymentsTable, loadDeployments } from './DeploymentsTable.js';
import { splitWords } from './StandingCell.js';

const serviceQuery = liveQuery(
  graphql(`
    query Service($project: String!, $service: String!) {
      project(key: $project) {
        service(key: $service) {
          key
          name
          createdAt
          environments {
            environment
            production
            changedAt
            drift
            unlisted
            stable {
              version
              digest
              share
            }
            candidate {
              version
              digest
              share
            }
            installed {
              version
              digest
              url
              at
              reportedBy
            }
            running {
              version
              instances
            }
          }
        }
      }
    }
  `),
  ['service', 'deployment', 'traffic', 'rollout', 'environment'],
);

type Project = NonNullable<ResultOf<(typeof serviceQuery)['document']>['project']>;
type Standing = NonNullable<NonNullable<Project['service']>['environments']>[number];

const ASK_MS = 15_000;
const SHOWN = 5;
const words = text.page;

export const title = ({ params }: Place<'project' | 'service'>) => params.service;

export const load = ({ params, search, fetch }: Loading<'project' | 'service'>) =>
  Promise.all([fetch(serviceQuery, params), loadDeployments(params, search, fetch)]);

export function Page({ params, search, at }: Place<'project' | 'service'>) {
  const service = present(useLoaded(serviceQuery, params).project?.service);
  useFresh(serviceQuery, params, ASK_MS);
  const { environments } = service;
  const keys = useMemo(() => (environments ?? []).map(({ environment }) => environment), [environments]);
  return (
    <Stack gap="sm">
      <Stack gap={2}>
        <Title order={1} style={{ overflowWrap: 'anywhere' }}>
          {service.name}
        </Title>
        <Text c="dimmed">
          {service.name !== service.key && `${service.key}. `}
          {words.created} <Moment at={service.createdAt} />
        </Text>
      </Stack>
      <Title order={2} size="h4">
        {words.where}
      </Title>
      <Table.ScrollContainer minWidth={820}>
        <Table aria-label={words.where} withTableBorder verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.environment}</Table.Th>
              <Table.Th>{words.serves}</Table.Th>
              <Table.Th>{words.since}</Table.Th>
              <Table.Th>{words.installed}</Table.Th>
              <Table.Th>{words.running}</Table.Th>
              <Table.Th>{words.drift}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(environments ?? []).map((standing) => (
              <Row key={standing.environment} standing={standing} isHere={standing.environment === at.environment} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Title order={2} size="h4">
        {text.tabs.history}
      </Title>
      <DeploymentsTable at={at} project={params.project} service={params.service} environments={keys} search={search} />
    </Stack>
  );
}

function Row({ standing, isHere }: { readonly standing: Standing; readonly isHere: boolean }) {
  const { environment, production, stable, candidate, changedAt, installed, unlisted, running, drift } = standing;
  const more = Math.max(0, installed.length - SHOWN) + unlisted;
  return (
    <Table.Tr aria-current={isHere ? 'true' : undefined}>
      <Table.Th scope="row" fw={isHere ? 700 : 500}>
        {production && environment !== 'production' ? text.production(environment) : environment}
      </Table.Th>
      <Table.Td>
        <strong>{splitWords(standing)}</strong>
        {[stable, candidate].map(
          (arm) =>
            arm !== null && (
              <Text key={arm.version} size="xs" c="dimmed" ff="monospace" title={arm.digest}>
                {shortDigest(arm.digest)}
              </Text>
            ),
        )}
      </Table.Td>
      <Table.Td>
        <Moment at={changedAt} />
      </Table.Td>
      <Table.Td>
        {installed.length === 0 && text.nothing}
        {installed.slice(0, SHOWN).map(({ version, digest, url, at, reportedBy }) => (
          <Group key={version} gap={6} wrap="nowrap">
            <strong>{version}</strong>
            <Text span size="xs" c="dimmed" title={`${digest}, ${words.reported} ${reportedBy}`}>
              <Moment at={at} />
            </Text>
            {url !== null && /^https?:/u.test(url) && (
              <Anchor
                href={url}
                target="_blank"
                rel="noreferrer noopener"
                size="xs"
                aria-label={text.deployments.openOf(version)}
              >
                {words.run}
              </Anchor>
            )}
          </Group>
        ))}
        {more > 0 && <Text size="xs">{words.more(more)}</Text>}
      </Table.Td>
      <Table.Td>
        {running.length === 0 && <Text c="dimmed">{words.notRunning}</Text>}
        {running.map(({ version, instances }) => (
          <Text key={version ?? ''}>
            {words.instances(formatCount(instances))} {version ?? words.notKnown}
          </Text>
        ))}
      </Table.Td>
      <Table.Td>
        {drift.length === 0 ? (
          words.agrees
        ) : (
          <Stack gap={4} align="start">
            <StatusBadge tone="warning">{text.drifts(drift.length)}</StatusBadge>
            <List size="sm">
              {drift.map((sentence) => (
                <List.Item key={sentence}>
                  <Sentence>{sentence}</Sentence>
                </List.Item>
              ))}
            </List>
          </Stack>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
