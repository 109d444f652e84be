import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { ReasonDialog } from '../components/ReasonDialog.js';
import { webhooks as text } from '../text/webhooks.js';

const deleteWebhook = graphql(
  `
    mutation DeleteWebhook($input: DeleteWebhookInput!) {
      deleteWebhook(input: $input) {
        node {
          id
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);

/** Ends a webhook for good. */
export function WebhookDelete(props: {
  readonly project: string;
  readonly webhook: { readonly id: string; readonly url: string; readonly version: number };
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const { project, webhook, onDone, onClose } = props;
  return (
    <ReasonDialog
      title={text.remove.title}
      verb={text.remove.verb}
      isDangerous
      reason="none"
      document={deleteWebhook}
      version={webhook.version}
      toVariables={(_reason, expectedVersion) => ({ input: { project, webhook: webhook.id, expectedVersion } })}
      onDone={onDone}
      onClose={onClose}
    >
      <code>{webhook.url}</code>
      {'. '}
      {text.remove.text}
    </ReasonDialog>
  );
}
