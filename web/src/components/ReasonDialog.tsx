import { Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import type { ReactNode } from 'react';
import { command } from '../text/shell.js';
import { FOCUSED } from '../ui/focused.js';
import { both, type May } from '../util/may.js';
import { CommandForm } from './CommandForm.js';
import { useCommandForm } from './use-command-form.js';

interface Props<Data, Variables extends AnyVariables> {
  /** What is about to happen, as a question. */
  readonly title: string;
  readonly children?: ReactNode;
  /** The verb on the button. */
  readonly verb: string;
  readonly isDangerous?: boolean;
  readonly document: TypedDocumentNode<Data, Variables>;
  /** `version` is the one that was looked at; 0 where none is given. */
  readonly toVariables: (reason: string, version: number) => Variables;
  /** Of what the command is about. It stays what it was when the dialog opened: what comes later nobody has seen. */
  readonly version?: number;
  /** Must be typed before anything happens: the environment, where it is production. */
  readonly confirmName?: string;
  /** Whether the API wants a reason, takes one, or has no place for it. */
  readonly reason?: 'required' | 'optional' | 'none';
  /** Code of the problem upon which a reason is asked for all the same: it says why the command is to be done in spite of it. */
  readonly reasonAfter?: string;
  /** Whether the viewer may do it at all. */
  readonly may?: May;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const YES: May = { isAllowed: true };

/** Asks for a reason, and where it is dangerous for the name of the place, before it gives a command. Draw it to open it. */
export function ReasonDialog<Data, Variables extends AnyVariables>(props: Props<Data, Variables>) {
  const { title, children, verb, isDangerous = false, confirmName, may = YES, onClose } = props;
  const asked = useCommandForm({
    document: props.document,
    initialValues: { reason: '', name: '' },
    toVariables: (values, version) => props.toVariables(values.reason.trim(), version),
    ...(props.version !== undefined && { version: props.version }),
    onDone: props.onDone,
  });
  const { form } = asked;
  const values = form.getValues();
  const isOwed = values.reason !== '' || asked.refusals.some(({ code }) => code === props.reasonAfter);
  const reason = props.reasonAfter !== undefined && isOwed ? 'required' : (props.reason ?? 'required');
  return (
    <Modal opened onClose={onClose} title={title}>
      <CommandForm
        of={asked}
        submit={verb}
        {...(isDangerous && { color: 'red' })}
        may={both(may, mayConfirm(values, reason === 'required', confirmName))}
        onCancel={onClose}
      >
        <Stack gap="sm">
          {children !== undefined && <Text>{children}</Text>}
          {confirmName !== undefined && (
            <TextInput
              label={command.confirmName(confirmName)}
              autoComplete="off"
              {...FOCUSED}
              {...form.getInputProps('name')}
            />
          )}
          {reason !== 'none' && (
            <Textarea
              label={command.reason}
              description={command.reasonHint}
              required={reason === 'required'}
              {...(confirmName === undefined && FOCUSED)}
              {...form.getInputProps('reason')}
            />
          )}
        </Stack>
      </CommandForm>
    </Modal>
  );
}

function mayConfirm(
  values: { readonly reason: string; readonly name: string },
  needsReason: boolean,
  confirmName: string | undefined,
): May {
  if (confirmName !== undefined && values.name !== confirmName) {
    return { isAllowed: false, reason: `${command.confirmName(confirmName)}.` };
  }
  if (needsReason && values.reason.trim() === '') return { isAllowed: false, reason: command.sayWhy };
  return { isAllowed: true };
}
