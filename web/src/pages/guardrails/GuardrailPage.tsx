import { Alert, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useClient } from 'urql';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery, load as loadQuery, present, useLoaded } from '../../api/live-query.js';
import { useFresh } from '../../api/use-fresh.js';
import type { Loading, Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { GuardrailAcknowledge } from '../../forms/guardrail-acknowledge.js';
import { GuardrailDelete } from '../../forms/guardrail-delete.js';
import { GuardrailEdit } from '../../forms/guardrail-edit.js';
import { guardrails as text } from '../../text/guardrails.js';
import { ActionButton } from '../../ui/ActionButton.js';
import { Moment } from '../../ui/Moment.js';
import { Sentence } from '../../ui/Sentence.js';
import { Series } from '../../ui/Series.js';
import { readStatement } from '../../util/guardrail.js';
import { both, may } from '../../util/may.js';
import { pb } from '../../util/path-builder.js';
import { GuardrailBadge } from './GuardrailBadge.js';
import { GuardrailFacts } from './GuardrailFacts.js';

const guardrailQuery = liveQuery(
  graphql(`
    query Guardrail($project: String!, $environment: String!, $guardrail: String!, $subject: String!) {
      project(key: $project) {
        guardrail(environment: $environment, key: $guardrail) {
          key
          name
          version
          state
          reason
          isHolding
          changedAt
          nextCheckAt
          intervalSeconds
          failureLimit
          recoveryLimit
          statement
          onBroken
          counts {
            good
            bad
            noData
            couldNotAsk
          }
          lastCheck {
            at
            outcome
            sentence
            value
          }
          recentChecks {
            at
            value
            outcome
          }
          acknowledgement {
            actorName
            at
            comment
            release
          }
          abilities {
            action
            isAllowed
            reason
          }
        }
        events(environment: $environment, subject: $subject, first: 50) {
          edges {
            node {
              id
              type
              at
              data
            }
          }
        }
      }
    }
  `),
  ['guardrail'],
);

type Project = NonNullable<ResultOf<(typeof guardrailQuery)['document']>['project']>;
export type ShownGuardrail = NonNullable<Project['guardrail']>;
type Event = NonNullable<Project['events']>['edges'][number]['node'];

const ASK_MS = 5_000;
const words = text.page;

export const title = ({ params }: Place<'project' | 'guardrail'>) => params.guardrail;

const variablesOf = ({ params, at }: Pick<Place<'project' | 'guardrail'>, 'params' | 'at'>) => ({
  ...at,
  guardrail: params.guardrail,
  subject: `guardrail/${params.guardrail}`,
});

export const load = (loading: Loading<'project' | 'guardrail'>) => loading.fetch(guardrailQuery, variablesOf(loading));

export function Page(place: Place<'project' | 'guardrail'>) {
  const go = useGo();
  const { at } = place;
  const [removed, setRemoved] = useState<ShownGuardrail>();
  if (removed === undefined) return <Shown {...place} onRemove={setRemoved} />;
  // Nothing here asks for the guardrail while it goes.
  return (
    <>
      <Title order={1}>{removed.name}</Title>
      <GuardrailDelete
        at={at}
        guardrail={removed}
        onDone={() => go(pb.guardrails(at), 'replace')}
        onClose={() => setRemoved(undefined)}
      />
    </>
  );
}

interface ShownProps extends Place<'project' | 'guardrail'> {
  readonly onRemove: (guardrail: ShownGuardrail) => void;
}

function Shown({ params, at, onRemove }: ShownProps) {
  const client = useClient();
  const variables = useMemo(() => variablesOf({ params, at }), [params, at]);
  const project = useLoaded(guardrailQuery, variables).project;
  const guardrail = present(project?.guardrail);
  useFresh(guardrailQuery, variables, ASK_MS);
  const [act, setAct] = useState<'acknowledge' | 'edit'>();
  const mayWrite = may('guardrail.write', useViewerAbilities(at));
  const { state, counts, acknowledgement, abilities, name } = guardrail;
  const close = (): void => setAct(undefined);
  const isBroken = state === 'broken';
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="start" gap="sm">
        <Stack gap={2}>
          <Group gap="xs">
            <Title order={1} style={{ overflowWrap: 'anywhere' }}>
              {name}
            </Title>
            <GuardrailBadge state={state} counts={counts} />
          </Group>
          {name !== guardrail.key && <Text c="dimmed">{guardrail.key}</Text>}
        </Stack>
        <Group gap="xs">
          {(['acknowledge', 'edit', 'delete'] as const).map((each) => (
            <ActionButton
              key={each}
              may={both(mayWrite, may(each, abilities))}
              variant={each === 'acknowledge' && isBroken ? 'filled' : 'default'}
              onClick={() => (each === 'delete' ? onRemove(guardrail) : setAct(each))}
            >
              {text.act[each]}
            </ActionButton>
          ))}
        </Group>
      </Group>
      <Text size="lg">
        <Sentence>{guardrail.reason || words.notKnown}</Sentence>
      </Text>
      {guardrail.isHolding && (
        <Alert color="red" py="xs">
          {text.isHolding}
        </Alert>
      )}
      {acknowledgement !== null && (
        <Alert color="yellow" py="xs">
          {words.acknowledged(acknowledgement.actorName, acknowledgement.comment)} (<Moment at={acknowledgement.at} />
          ).
          {acknowledgement.release && ` ${words.letGo}`}
        </Alert>
      )}
      <GuardrailFacts guardrail={guardrail} />
      <Curve guardrail={guardrail} />
      <Title order={2} size="h4">
        {words.history}
      </Title>
      <History events={(project?.events?.edges ?? []).map(({ node }) => node)} />
      {act === 'acknowledge' && <GuardrailAcknowledge at={at} guardrail={guardrail.key} onClose={close} />}
      {act === 'edit' && (
        <GuardrailEdit
          at={at}
          guardrail={guardrail}
          readTheirs={async () =>
            present((await loadQuery(client, guardrailQuery, variables, 'network-only')).project?.guardrail)
          }
          onClose={close}
        />
      )}
    </Stack>
  );
}

function Curve({ guardrail }: { readonly guardrail: ShownGuardrail }) {
  const { statement, recentChecks, name } = guardrail;
  const { atLeast, atMost, format } = useMemo(() => readStatement(statement), [statement]);
  const times = useMemo(() => recentChecks.map(({ at }) => Date.parse(at)), [recentChecks]);
  const lines = useMemo(() => {
    const bound = (label: string, value: number | undefined) =>
      value === undefined ? [] : [{ label, values: recentChecks.map(() => value), tone: 'limit' as const }];
    return [
      { label: words.value, values: recentChecks.map(({ value }) => value) },
      ...bound(words.atLeast, atLeast),
      ...bound(words.atMost, atMost),
    ];
  }, [recentChecks, atLeast, atMost]);
  if (recentChecks.every(({ value }) => value === null)) return <Text c="dimmed">{words.noCurve}</Text>;
  return <Series label={words.chart(name)} times={times} lines={lines} format={format} height={200} />;
}

function History({ events }: { readonly events: readonly Event[] }) {
  if (events.length === 0) return <Text c="dimmed">{words.noEvents}</Text>;
  return (
    <Table.ScrollContainer minWidth={360}>
      <Table aria-label={words.events} withTableBorder>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.when}</Table.Th>
            <Table.Th>{words.what}</Table.Th>
            <Table.Th>{words.said}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map(({ id, at, type, data }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <Moment at={at} />
              </Table.Td>
              <Table.Td>{(words.eventTypes as Readonly<Record<string, string>>)[type] ?? type}</Table.Td>
              <Table.Td>
                <Sentence>{saidIn(data)}</Sentence>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function saidIn(data: Event['data']): string {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return '–';
  // An object of JSON, as is said just before.
  const { by, comment, sentence } = data as Readonly<Record<string, unknown>>;
  if (typeof by === 'string' && typeof comment === 'string') return words.saidBy(by, comment);
  return typeof sentence === 'string' ? sentence : '–';
}
