import { Stack, Text } from '@mantine/core';
import { releases as text } from '../../text/releases.js';
import { Icon } from '../../ui/Icon.js';
import { Moment } from '../../ui/Moment.js';
import { Panel } from '../../ui/Panel.js';
import { Sentence } from '../../ui/Sentence.js';
import { type Release, isUnderWay } from './release-query.js';
import classes from './ReleasePage.module.css';

const words = text.approvals;

type Approval = Release['approvals'][number];

/** Who gave leave to start and to go on, and whom it still waits for; nothing where nobody is asked. */
export function ApprovalsPanel({ release }: { readonly release: Release }) {
  const { approvals, approvalsToStart, timeline, rollout, contentHash } = release;
  const here = isUnderWay(release) ? timeline?.find(({ state }) => state === 'current') : undefined;
  const gate = here?.gates.find(({ kind }) => kind === 'approval');
  if (approvalsToStart === 0 && gate === undefined) return null;
  const missing = approvalsToStart - approvals.length;
  return (
    <Panel title={words.title}>
      <Stack gap={6}>
        {gate !== undefined && here !== undefined && (
          <div>
            <Text fw={600}>{words.step(here.index + 1)}</Text>
            <Text>
              <Sentence>{gate.sentence}</Sentence>
            </Text>
            <Given approvals={rollout?.approvals ?? []} />
          </div>
        )}
        {approvalsToStart > 0 && (
          <div>
            <Text fw={600}>
              {words.start}: {words.given(approvals.length, approvalsToStart)}
            </Text>
            <Given approvals={approvals} />
            {missing > 0 && here === undefined && <Text>{words.missing(missing)}</Text>}
          </div>
        )}
        <Text size="xs" c="dimmed" className={classes['hash'] ?? ''}>
          {text.contentHint} <code>{contentHash}</code>
        </Text>
      </Stack>
    </Panel>
  );
}

function Given({ approvals }: { readonly approvals: readonly Approval[] }) {
  if (approvals.length === 0) return null;
  return (
    <ul className={classes['list']}>
      {approvals.map(({ actorId, actorName, comment, at }) => (
        <li key={actorId}>
          <Icon name="check" size={12} /> {actorName}, <Moment at={at} />
          {comment !== '' && (
            <Text span c="dimmed" inherit>
              {' '}
              “{comment}”
            </Text>
          )}
        </li>
      ))}
    </ul>
  );
}
