import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { drafts as text } from '../../text/drafts.js';
import { command } from '../../text/shell.js';
import { ActionButton } from '../../ui/ActionButton.js';
import { DiffView } from '../../ui/DiffView.js';
import { both, type May } from '../../util/may.js';
import classes from './DraftBar.module.css';

interface Props {
  /** What would change, in words. */
  readonly changed: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
  /** Where a change is to be looked at once more before it is stored: its name is on the button. */
  readonly reviewFor?: string | undefined;
  /** Why it cannot be stored as it is. */
  readonly fault?: string | undefined;
  readonly may: May;
  readonly isRunning: boolean;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
}

/** Stands at the foot of the page while there are edits that are not stored. */
export function DraftBar(props: Props) {
  const { changed, before, after, reviewFor, fault, may: allowed, isRunning, onSave, onDiscard } = props;
  const [isReviewing, setReviewing] = useState(false);
  if (changed.length === 0) return null;
  const may = both(allowed, fault === undefined ? { isAllowed: true } : { isAllowed: false, reason: fault });
  const close = (): void => setReviewing(false);
  return (
    <section className={classes['bar']} aria-label={text.bar}>
      <Text size="sm">
        {text.changed(changed)}
        {fault !== undefined && (
          <Text span inherit c="var(--mantine-color-error)" role="status">
            {' '}
            {fault}
          </Text>
        )}
      </Text>
      <Group gap="sm" ml="auto">
        <Button variant="subtle" onClick={onDiscard}>
          {text.discard}
        </Button>
        <Button variant="default" onClick={() => setReviewing(true)}>
          {text.review}
        </Button>
        {reviewFor === undefined && (
          <ActionButton may={may} loading={isRunning} onClick={onSave}>
            {command.save}
          </ActionButton>
        )}
      </Group>
      {isReviewing && (
        <Modal opened onClose={close} title={text.reviewTitle(reviewFor)} size="xl">
          <Stack gap="sm">
            <DiffView before={before} after={after} labels={[text.stored, text.yours]} />
            <Group justify="flex-end" gap="sm">
              <Button variant="default" onClick={close} data-autofocus>
                {text.goOn}
              </Button>
              <ActionButton
                may={may}
                loading={isRunning}
                onClick={() => {
                  close();
                  onSave();
                }}
              >
                {reviewFor === undefined ? command.save : text.saveIn(reviewFor)}
              </ActionButton>
            </Group>
          </Stack>
        </Modal>
      )}
    </section>
  );
}
