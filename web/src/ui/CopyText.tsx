import { Button, CopyButton, Group } from '@mantine/core';
import classes from './CopyText.module.css';
import { Icon } from './Icon.js';
import { FOCUSED } from './focused.js';

/** A text that is to be taken elsewhere whole: all of it is shown, and a button copies it. */
export function CopyText(props: {
  readonly label: string;
  readonly copy: string;
  readonly copied: string;
  readonly children: string;
}) {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <output className={classes['text']} aria-label={props.label}>
        {props.children}
      </output>
      <CopyButton value={props.children}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            onClick={copy}
            leftSection={<Icon name={copied ? 'check' : 'copy'} />}
            {...FOCUSED}
            className={classes['copy']}
          >
            {copied ? props.copied : props.copy}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
