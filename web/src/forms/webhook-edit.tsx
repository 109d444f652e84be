import { Modal } from '@mantine/core';
import { client } from '../api/client.js';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { liveQuery, load, present } from '../api/live-query.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { webhooks as text } from '../text/webhooks.js';
import { toWebhookDocument, WebhookFields, type WebhookValues } from './webhook-fields.js';

const editWebhook = graphql(
  `
    mutation EditWebhook($input: EditWebhookInput!) {
      editWebhook(input: $input) {
        node {
          id
          version
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);

const storedQuery = liveQuery(
  graphql(`
    query StoredWebhook($project: String!, $webhook: ID!) {
      project(key: $project) {
        webhook(id: $webhook) {
          url
          description
          types
          enabled
          version
        }
      }
    }
  `),
  [],
);

interface Stored {
  readonly url: string;
  readonly description: string;
  readonly types: readonly string[];
  readonly enabled: boolean;
  readonly version: number;
}

const valuesOf = ({ url, description, types, enabled }: Stored): WebhookValues => ({
  ...{ url, description, enabled },
  types: types.join('\n'),
});

/** Edits a webhook; switched on again, it goes on where it was. */
export function WebhookEdit(props: {
  readonly project: string;
  readonly webhook: Stored & { readonly id: string };
  readonly onClose: () => void;
}) {
  const { project, webhook, onClose } = props;
  const edited = useCommandForm({
    document: editWebhook,
    initialValues: valuesOf(webhook),
    version: webhook.version,
    toVariables: (values, expectedVersion) => ({
      input: { project, webhook: webhook.id, expectedVersion, document: toWebhookDocument(values) },
    }),
    readTheirs: async () => {
      const data = await load(client, storedQuery, { project, webhook: webhook.id }, 'network-only');
      const stored = present(data.project?.webhook);
      return { version: stored.version, values: valuesOf(stored) };
    },
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={text.edit.title}>
      <CommandForm of={edited} onCancel={onClose}>
        <WebhookFields inputOf={edited.form.getInputProps} />
      </CommandForm>
    </Modal>
  );
}
