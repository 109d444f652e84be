import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { secret as text } from '../text/secret.js';
import { CopyText } from '../ui/CopyText.js';

/**
 * Shows what is shown this once: it closes by its button alone, never by a stray key or click, and nothing of it stays
 * in the page.
 */
export function SecretDialog(props: {
  readonly title: string;
  /** What it is, beside the button that copies it. */
  readonly label: string;
  readonly secret: string;
  /** What it is for, and how it is used. */
  readonly children: ReactNode;
  readonly onClose: () => void;
}) {
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.title}
      size="lg"
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
    >
      <Stack gap="sm">
        <Alert color="yellow" py="xs">
          {text.once}
        </Alert>
        <CopyText label={props.label} copy={text.copy} copied={text.copied}>
          {props.secret}
        </CopyText>
        {props.children}
        <Group justify="flex-end">
          <Button onClick={props.onClose}>{text.kept}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
