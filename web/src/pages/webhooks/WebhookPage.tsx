import { Alert, Group, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import { graphql } from '../../api/graphql.js';
import { liveQuery, present, useLoaded } from '../../api/live-query.js';
import { AppLink } from '../../components/AppLink.js';
import type { Loading, Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { WebhookDelete } from '../../forms/webhook-delete.js';
import { WebhookEdit } from '../../forms/webhook-edit.js';
import { WebhookRotate } from '../../forms/webhook-rotate.js';
import { WebhookTest } from '../../forms/webhook-test.js';
import { webhooks as text } from '../../text/webhooks.js';
import { ActionButton } from '../../ui/ActionButton.js';
import { KeyValue } from '../../ui/KeyValue.js';
import { Moment } from '../../ui/Moment.js';
import { may } from '../../util/may.js';
import { pb } from '../../util/path-builder.js';
import { Deliveries, loadDeliveries } from './Deliveries.js';
import { WebhookState } from './WebhookState.js';

const webhookQuery = liveQuery(
  graphql(`
    query Webhook($project: String!, $webhook: ID!) {
      project(key: $project) {
        webhook(id: $webhook) {
          id
          url
          description
          types
          enabled
          disabledReason
          previousSecretUntil
          version
          createdAt
        }
      }
    }
  `),
  ['webhook'],
);

const ACTS = ['edit', 'rotate', 'remove'] as const;

export const { title } = text;

export const load = ({ params, fetch }: Loading<'project' | 'webhook'>) =>
  Promise.all([fetch(webhookQuery, params), loadDeliveries(params, fetch)]);

export function Page(place: Place<'project' | 'webhook'>) {
  const go = useGo();
  const [isGone, setIsGone] = useState(false);
  // Nothing here asks for it once it is gone.
  if (isGone) return null;
  return (
    <Shown
      {...place}
      onGone={() => {
        setIsGone(true);
        go(pb.webhooks(place.at), 'replace');
      }}
    />
  );
}

function Shown({ params, at, onGone }: Place<'project' | 'webhook'> & { readonly onGone: () => void }) {
  const { project } = params;
  const webhook = present(useLoaded(webhookQuery, params).project?.webhook);
  const mayWrite = may('webhook.write', useViewerAbilities({ project }));
  const [asked, setAsked] = useState<(typeof ACTS)[number]>();
  const close = (): void => setAsked(undefined);
  const { id, url, description, types, disabledReason, previousSecretUntil } = webhook;
  return (
    <Stack gap="md">
      <div>
        <AppLink to={pb.webhooks(at)}>{text.title}</AppLink>
        <Group justify="space-between" gap="sm">
          <Title order={1}>{url}</Title>
          <Group gap="xs">
            {ACTS.map((act) => (
              <ActionButton key={act} variant="default" may={mayWrite} onClick={() => setAsked(act)}>
                {text[act].open}
              </ActionButton>
            ))}
          </Group>
        </Group>
      </div>
      {disabledReason !== null && (
        <Alert color="red" py="xs">
          {disabledReason}
        </Alert>
      )}
      <KeyValue
        items={{
          [text.shown.state]: <WebhookState webhook={webhook} />,
          [text.shown.description]: description || '–',
          [text.shown.types]: types.join(', ') || text.all,
          ...(previousSecretUntil !== null && { [text.shown.old]: <Moment at={previousSecretUntil} /> }),
          [text.shown.since]: <Moment at={webhook.createdAt} />,
        }}
      />
      <WebhookTest project={project} webhook={id} may={mayWrite} />
      <Deliveries project={project} webhook={id} may={mayWrite} />
      {asked === 'edit' && <WebhookEdit project={project} webhook={webhook} onClose={close} />}
      {asked === 'rotate' && <WebhookRotate project={project} webhook={id} onClose={close} />}
      {asked === 'remove' && <WebhookDelete project={project} webhook={webhook} onDone={onGone} onClose={close} />}
    </Stack>
  );
}
