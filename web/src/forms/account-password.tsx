import { PasswordInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { account as text } from '../text/access.js';

const changePassword = graphql(
  `
    mutation ChangePassword($input: ChangePasswordInput!) {
      changePassword(input: $input) {
        node {
          id
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);

const EMPTY = { currentPassword: '', newPassword: '' };

/** Changes the viewer's own password. */
export function AccountPassword() {
  const changed = useCommandForm({
    document: changePassword,
    initialValues: EMPTY,
    toVariables: (input) => ({ input }),
    onDone: () => {
      changed.form.setValues(EMPTY);
      notifications.show({ message: text.password.done });
    },
  });
  const { form } = changed;
  return (
    <CommandForm of={changed} submit={text.password.submit}>
      <PasswordInput
        label={text.password.current}
        autoComplete="current-password"
        {...form.getInputProps('currentPassword')}
      />
      <PasswordInput
        label={text.password.next}
        description={text.password.rule}
        autoComplete="new-password"
        {...form.getInputProps('newPassword')}
      />
    </CommandForm>
  );
}
