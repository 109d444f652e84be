import { PasswordInput, TextInput } from '@mantine/core';
import { signInFirst } from '../api/session.js';
import { session as text } from '../text/shell.js';
import { SessionForm } from './session-form.js';

/** Makes the first administrator, by the token that the server's first start showed. */
export function SessionFirst({ onDone }: { readonly onDone: () => void }) {
  const initialValues = { token: '', name: '', email: '', password: '' };
  return (
    <SessionForm initialValues={initialValues} submit={text.first.submit} give={signInFirst} onDone={onDone}>
      {(inputOf) => (
        <>
          <PasswordInput label={text.first.token} autoComplete="off" autoFocus {...inputOf('token')} />
          <TextInput label={text.first.name} autoComplete="name" {...inputOf('name')} />
          <TextInput label={text.email} type="email" autoComplete="username" {...inputOf('email')} />
          <PasswordInput
            label={text.password}
            description={text.passwordRule}
            autoComplete="new-password"
            {...inputOf('password')}
          />
        </>
      )}
    </SessionForm>
  );
}
