import { Button, Group, Stack } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { command } from '../text/shell.js';
import { ActionButton } from '../ui/ActionButton.js';
import type { May } from '../util/may.js';
import { Banner } from './Banner.js';
import { ConflictDialog } from './ConflictDialog.js';
import type { useCommandForm } from './use-command-form.js';

type Of = Pick<ReturnType<typeof useCommandForm>, 'isRunning' | 'problems' | 'submit' | 'conflict'>;

interface Props {
  readonly of: Of;
  readonly submit?: string;
  readonly color?: string;
  /** Whether the viewer may give the command; the form can be filled in all the same. */
  readonly may?: May;
  readonly onCancel?: () => void;
  readonly children: ReactNode;
}

const YES: May = { isAllowed: true };

/** Fields of a form with what stood in the way over them, and its buttons under them. */
export function CommandForm({ of, submit = command.save, color, may = YES, onCancel, children }: Props) {
  // Enter in a form whose button is none yet would give the command all the same.
  const onSubmit = (event: FormEvent): void => (may.isAllowed ? of.submit(event) : event.preventDefault());
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="sm">
        <Banner problems={of.problems} />
        {children}
        <Group justify="flex-end" gap="sm">
          {onCancel !== undefined && (
            <Button variant="default" onClick={onCancel}>
              {command.cancel}
            </Button>
          )}
          <ActionButton type="submit" may={may} loading={of.isRunning} {...(color !== undefined && { color })}>
            {submit}
          </ActionButton>
        </Group>
      </Stack>
      {of.conflict !== undefined && <ConflictDialog {...of.conflict} isRunning={of.isRunning} />}
    </form>
  );
}
