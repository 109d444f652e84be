import { Modal, Text } from '@mantine/core';
import { useState } from 'react';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { SecretDialog } from '../components/SecretDialog.js';
import { useCommandForm } from '../components/use-command-form.js';
import { webhooks as text } from '../text/webhooks.js';
import { toWebhookDocument, WebhookFields, type WebhookValues } from './webhook-fields.js';

const createWebhook = graphql(
  `
    mutation CreateWebhook($input: CreateWebhookInput!) {
      createWebhook(input: $input) {
        node {
          secret
          webhook {
            id
          }
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);

const EMPTY: WebhookValues = { url: '', description: '', types: '', enabled: true };

/** Makes a webhook; what signs its messages is shown once. */
export function WebhookCreate({ project, onClose }: { readonly project: string; readonly onClose: () => void }) {
  const [secret, setSecret] = useState<string>();
  const created = useCommandForm({
    document: createWebhook,
    initialValues: EMPTY,
    toVariables: (values) => ({ input: { project, document: toWebhookDocument(values) } }),
    onDone: (node) => setSecret(node.secret),
  });
  if (secret !== undefined) {
    return (
      <SecretDialog title={text.create.secretTitle} label={text.secret} secret={secret} onClose={onClose}>
        <Text>{text.secretText}</Text>
      </SecretDialog>
    );
  }
  return (
    <Modal opened onClose={onClose} title={text.create.title}>
      <CommandForm of={created} submit={text.create.submit} onCancel={onClose}>
        <WebhookFields inputOf={created.form.getInputProps} />
      </CommandForm>
    </Modal>
  );
}
