import { Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './Serving.module.css';

/** A titled part of the settings, in the order in which they decide. */
export function Part(props: { readonly title: string; readonly text: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes['part']} aria-labelledby={id}>
      <div className={classes['heading']}>
        <Title order={2} size="h4" id={id}>
          {props.title}
        </Title>
        <Text size="sm" c="dimmed">
          {props.text}
        </Text>
      </div>
      {props.children}
    </section>
  );
}
