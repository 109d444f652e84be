import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import { type ComponentProps, useId } from 'react';
import type { May } from '../util/may.js';
import { useTold } from './use-told.js';

type Props = Omit<ButtonProps, 'disabled'> &
  Pick<ComponentProps<'button'>, 'onClick' | 'type' | 'aria-label'> & { readonly may: May; readonly children: string };

/**
 * A button for what may or may not be done: where not it stays, can be reached by keyboard, does nothing, and tells why
 * as its tooltip and its description.
 */
export function ActionButton({ may, onClick, children, type = 'button', ...rest }: Props) {
  const id = useId();
  const tell = useTold();
  if (may.isAllowed) {
    return (
      <Button {...rest} type={type} onClick={onClick}>
        {children}
      </Button>
    );
  }
  const reason = tell(may.reason);
  return (
    <>
      <Tooltip label={reason} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
        <Button {...rest} type="button" data-disabled aria-disabled aria-describedby={id}>
          {children}
        </Button>
      </Tooltip>
      <span id={id} hidden>
        {reason}
      </span>
    </>
  );
}
