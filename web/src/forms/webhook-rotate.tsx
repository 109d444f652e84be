import { Modal, Text } from '@mantine/core';
import { useState } from 'react';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { SecretDialog } from '../components/SecretDialog.js';
import { useCommandForm } from '../components/use-command-form.js';
import { webhooks as text } from '../text/webhooks.js';

const rotateWebhook = graphql(
  `
    mutation RotateWebhook($input: RotateWebhookInput!) {
      rotateWebhook(input: $input) {
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

/** Gives a webhook another secret; for a day the old one signs beside it. */
export function WebhookRotate(props: {
  readonly project: string;
  readonly webhook: string;
  readonly onClose: () => void;
}) {
  const { project, webhook, onClose } = props;
  const [secret, setSecret] = useState<string>();
  const rotated = useCommandForm({
    document: rotateWebhook,
    initialValues: {},
    toVariables: () => ({ input: { project, webhook } }),
    onDone: (node) => setSecret(node.secret),
  });
  if (secret !== undefined) {
    return (
      <SecretDialog title={text.rotate.secretTitle} label={text.secret} secret={secret} onClose={onClose}>
        <Text>{text.secretText}</Text>
      </SecretDialog>
    );
  }
  return (
    <Modal opened onClose={onClose} title={text.rotate.title}>
      <CommandForm of={rotated} submit={text.rotate.submit} onCancel={onClose}>
        <Text>{text.rotate.text}</Text>
      </CommandForm>
    </Modal>
  );
}
