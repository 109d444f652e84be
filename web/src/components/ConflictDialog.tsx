import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { command } from '../text/shell.js';
import { DiffView } from '../ui/DiffView.js';

interface Props {
  readonly mine: unknown;
  readonly theirs: unknown;
  readonly apply: () => void;
  readonly takeTheirs: () => void;
  readonly goOn: () => void;
  readonly isRunning: boolean;
}

/** Somebody stored a change between reading and storing: shows both, and lets who edits choose. */
export function ConflictDialog({ mine, theirs, apply, takeTheirs, goOn, isRunning }: Props) {
  const text = command.conflict;
  return (
    <Modal opened onClose={goOn} title={text.title} size="xl">
      <Stack gap="sm">
        <Text>{text.text}</Text>
        <DiffView before={theirs} after={mine} labels={[text.theirs, text.mine]} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={takeTheirs}>
            {text.loadTheirs}
          </Button>
          <Button variant="default" onClick={goOn} data-autofocus>
            {text.back}
          </Button>
          <Button onClick={apply} loading={isRunning}>
            {text.apply}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
