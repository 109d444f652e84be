import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { product } from '../text/shell.js';
import classes from './SignedOutFrame.module.css';

/** What stands around a form for who is not signed in. */
export function SignedOutFrame(props: {
  readonly title: string;
  readonly text?: string;
  readonly children: ReactNode;
}) {
  return (
    <main className={classes['frame']}>
      <Paper withBorder p="lg" className={classes['card']}>
        <Stack gap="sm">
          <Text fw={700} c="dimmed">
            {product}
          </Text>
          <Title order={1}>{props.title}</Title>
          {props.text !== undefined && <Text>{props.text}</Text>}
          {props.children}
        </Stack>
      </Paper>
    </main>
  );
}
