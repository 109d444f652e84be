import { Alert, Button, Group, Stack, Textarea } from '@mantine/core';
import { AppLink } from '../../../components/AppLink.js';
import { serving } from '../../../text/serving.js';
import { command } from '../../../text/shell.js';
import { ActionButton } from '../../../ui/ActionButton.js';
import { Sentence } from '../../../ui/Sentence.js';
import type { May } from '../../../util/may.js';
import { pb } from '../../../util/path-builder.js';
import type { InEnvironment, ShownSettings } from './serving-queries.js';

const text = serving.takeOver;

interface Props {
  readonly at: InEnvironment;
  /** Whether the settings can be edited as things are. */
  readonly may: May;
  /** Whether the viewer could edit them if no release held them. */
  readonly mayWrite: May;
  /** The release that ramps the flag here; null: none does. */
  readonly hold: ShownSettings['hold'];
  /** Why the release is to give way, as it is typed; undefined: it is not to. */
  readonly takeOver: string | undefined;
  readonly onTakeOver: (reason: string | undefined) => void;
}

/** Says why settings cannot be edited. Where a release holds them, they can be taken from it: that ends it, for a reason. */
export function ServingLock({ at, may, mayWrite, hold, takeOver, onTakeOver }: Props) {
  if (hold !== null && takeOver !== undefined) {
    return (
      <Alert color="red" py="xs" title={text.title}>
        <Stack gap="xs">
          <span>
            <Sentence>{hold.sentence}</Sentence> {text.text}{' '}
            <AppLink to={pb.release(at, hold.releaseId)}>{serving.toRelease}</AppLink>
          </span>
          <Textarea
            label={text.reason}
            description={command.reasonHint}
            required
            autosize
            maw={520}
            value={takeOver}
            onChange={({ currentTarget: { value } }) => onTakeOver(value)}
          />
          <div>
            <Button variant="default" size="compact-sm" onClick={() => onTakeOver(undefined)}>
              {text.leave}
            </Button>
          </div>
        </Stack>
      </Alert>
    );
  }
  if (may.isAllowed) return null;
  return (
    <Alert color="yellow" py="xs" title={serving.locked}>
      <Group gap="xs">
        <span>
          <Sentence>{may.reason}</Sentence>{' '}
          {hold !== null && <AppLink to={pb.release(at, hold.releaseId)}>{serving.toRelease}</AppLink>}
        </span>
        {hold !== null && (
          <ActionButton may={mayWrite} variant="default" size="compact-sm" onClick={() => onTakeOver('')}>
            {text.open}
          </ActionButton>
        )}
      </Group>
    </Alert>
  );
}
