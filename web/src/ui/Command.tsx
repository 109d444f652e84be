import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { Icon } from './Icon.js';
import classes from './Command.module.css';

/** A command for a terminal, and a button that copies it. */
export function Command({ children }: { readonly children: string }) {
  return (
    <span className={classes['command']}>
      <code>{children}</code>
      <CopyButton value={children}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : 'Copy'}>
            <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Copy the command" onClick={copy}>
              <Icon name={copied ? 'check' : 'copy'} />
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </span>
  );
}
