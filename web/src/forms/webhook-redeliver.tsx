import { notifications } from '@mantine/notifications';
import { refreshTopics } from '../api/client.js';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { useCommand } from '../api/use-command.js';
import { webhooks } from '../text/webhooks.js';
import { ActionButton } from '../ui/ActionButton.js';
import type { May } from '../util/may.js';

const text = webhooks.deliveries;

const redeliverWebhook = graphql(
  `
    mutation RedeliverWebhook($input: RedeliverWebhookInput!) {
      redeliverWebhook(input: $input) {
        node {
          sequence
          status
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);

/** Sends an event once more, with the same id. */
export function WebhookRedeliver(props: {
  readonly project: string;
  readonly webhook: string;
  readonly sequence: string;
  readonly may: May;
}) {
  const { project, webhook, sequence, may } = props;
  const { run, isRunning } = useCommand(redeliverWebhook);
  const send = async (): Promise<void> => {
    const outcome = await run({ input: { project, webhook, sequence } });
    refreshTopics(new Set(['webhook']));
    const message =
      outcome.kind === 'done'
        ? text.again(sequence)
        : outcome.kind === 'failed'
          ? outcome.failure.message
          : outcome.problems.map((problem) => problem.message).join(' ');
    notifications.show({ message, ...(outcome.kind !== 'done' && { color: 'red' }) });
  };
  return (
    <ActionButton
      size="compact-xs"
      variant="default"
      may={may}
      loading={isRunning}
      onClick={() => void send()}
      aria-label={text.redeliverLabel(sequence)}
    >
      {text.redeliver}
    </ActionButton>
  );
}
