import { Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './Parts.module.css';

/** All that is edited of one thing, part under part; nothing of it while it is locked. */
export function Parts(props: { readonly label: string; readonly isLocked: boolean; readonly children: ReactNode }) {
  return (
    <fieldset className={classes['parts']} disabled={props.isLocked} aria-label={props.label}>
      {props.children}
    </fieldset>
  );
}

/** A titled part, with a sentence of what it does. */
export function Part(props: { readonly title: string; readonly text: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes['part']} aria-labelledby={id}>
      <div className={classes['heading']}>
        <Title order={2} size="h4" id={id}>
          {props.title}
        </Title>
        {props.text !== '' && (
          <Text size="sm" c="dimmed">
            {props.text}
          </Text>
        )}
      </div>
      {props.children}
    </section>
  );
}

/** Things of one kind within a part, one under the other: `li` elements. */
export function PartList(props: { readonly label: string; readonly children: ReactNode }) {
  return (
    <ol className={classes['list']} aria-label={props.label}>
      {props.children}
    </ol>
  );
}
