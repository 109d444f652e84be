import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Command } from './Command.js';

/** What stands where a list has nothing: why, what would be here, and how to make the first from a terminal or here. */
export function EmptyState(props: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly cli?: string;
  readonly action?: ReactNode;
}) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md" ta="center">
      <Title order={2} size="h4">
        {props.title}
      </Title>
      {props.children !== undefined && (
        <Text c="dimmed" maw={480}>
          {props.children}
        </Text>
      )}
      {props.cli !== undefined && <Command>{props.cli}</Command>}
      {props.action}
    </Stack>
  );
}
