import { PasswordInput } from '@mantine/core';
import { acceptInvitation } from '../api/session.js';
import { session as text } from '../text/shell.js';
import { SessionForm } from './session-form.js';

/** Sets the password of who was invited, or whose password was reset, and signs in. */
export function SessionInvited({ secret, onDone }: { readonly secret: string; readonly onDone: () => void }) {
  return (
    <SessionForm
      initialValues={{ password: '' }}
      submit={text.invited.submit}
      give={({ password }) => acceptInvitation({ secret, password })}
      onDone={onDone}
    >
      {(inputOf) => (
        <PasswordInput
          label={text.password}
          description={text.passwordRule}
          autoComplete="new-password"
          autoFocus
          {...inputOf('password')}
        />
      )}
    </SessionForm>
  );
}
