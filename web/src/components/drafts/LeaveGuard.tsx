import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { drafts as text } from '../../text/drafts.js';
import type { Search } from '../../util/search-words.js';

/** Asks before edits that are not stored are left behind: for another page or environment, or none. */
export function LeaveGuard({ isEdited, onDiscard }: { readonly isEdited: boolean; readonly onDiscard: () => void }) {
  const leaving = useBlocker({
    // Other words of the URL stay on the page: the draft is there when its part of it is shown again.
    shouldBlockFn: ({ current, next }) =>
      current.pathname !== next.pathname || environmentIn(current) !== environmentIn(next),
    enableBeforeUnload: isEdited,
    disabled: !isEdited,
    withResolver: true,
  });
  if (leaving.status !== 'blocked') return null;
  return (
    <Modal opened onClose={leaving.reset} title={text.leave.title}>
      <Stack gap="sm">
        <Text>{text.leave.text}</Text>
        <Group justify="flex-end" gap="sm">
          <Button
            color="red"
            onClick={() => {
              onDiscard();
              leaving.proceed();
            }}
          >
            {text.leave.discard}
          </Button>
          <Button variant="default" onClick={leaving.reset} data-autofocus>
            {text.leave.stay}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function environmentIn({ search }: { readonly search: Search }): string | undefined {
  return search['environment'];
}
