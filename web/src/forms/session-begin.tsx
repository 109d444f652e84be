import { PasswordInput, TextInput } from '@mantine/core';
import { signIn } from '../api/session.js';
import { session as text } from '../text/shell.js';
import { FOCUSED } from '../ui/focused.js';
import { SessionForm } from './session-form.js';

/** Signs in by password. */
export function SessionBegin({ onDone }: { readonly onDone: () => void | Promise<void> }) {
  return (
    <SessionForm initialValues={{ email: '', password: '' }} submit={text.submit} give={signIn} onDone={onDone}>
      {(inputOf) => (
        <>
          <TextInput
            label={text.email}
            type="email"
            autoComplete="username"
            {...FOCUSED}
            autoFocus
            {...inputOf('email')}
          />
          <PasswordInput label={text.password} autoComplete="current-password" {...inputOf('password')} />
        </>
      )}
    </SessionForm>
  );
}
