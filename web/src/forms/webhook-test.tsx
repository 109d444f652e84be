import { Alert, Stack } from '@mantine/core';
import { useState } from 'react';
import type { ResultOf } from '../api/graphql.js';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { useCommand } from '../api/use-command.js';
import { Banner } from '../components/Banner.js';
import { webhooks } from '../text/webhooks.js';
import { ActionButton } from '../ui/ActionButton.js';
import type { Problem } from '../util/field-errors.js';
import type { May } from '../util/may.js';

const text = webhooks.test;

const testWebhook = graphql(
  `
    mutation TestWebhook($input: TestWebhookInput!) {
      testWebhook(input: $input) {
        node {
          delivered
          status
          error
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);

type Test = NonNullable<ResultOf<typeof testWebhook>['testWebhook']['node']>;

/** Sends a test event now, and says what the receiver answered. */
export function WebhookTest(props: { readonly project: string; readonly webhook: string; readonly may: May }) {
  const { project, webhook, may } = props;
  const { run, isRunning } = useCommand(testWebhook);
  const [came, setCame] = useState<Test>();
  const [problems, setProblems] = useState<readonly Pick<Problem, 'code' | 'message'>[]>([]);
  const send = async (): Promise<void> => {
    const outcome = await run({ input: { project, webhook } });
    setCame(outcome.kind === 'done' ? outcome.node : undefined);
    if (outcome.kind === 'refused') setProblems(outcome.problems);
    else setProblems(outcome.kind === 'failed' ? [outcome.failure] : []);
  };
  return (
    <Stack gap="xs" align="flex-start">
      <ActionButton variant="default" may={may} loading={isRunning} onClick={() => void send()}>
        {text.open}
      </ActionButton>
      <Banner problems={problems} />
      {came !== undefined && (
        <Alert color={came.delivered ? 'green' : 'red'} py="xs" role="status">
          {told(came)}
        </Alert>
      )}
    </Stack>
  );
}

function told({ delivered, status, error }: Test): string {
  if (status === null) return text.unanswered(error ?? '–');
  return delivered ? text.delivered(status) : text.refused(status);
}
