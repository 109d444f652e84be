import { Stack, Title } from '@mantine/core';
import { SecretDialog } from '../components/SecretDialog.js';
import { tokens as text } from '../text/access.js';
import { Command } from '../ui/Command.js';

export interface Issued {
  readonly token: { readonly name: string; readonly kind: 'admin' | 'ci' | 'server' | 'client' };
  readonly secret: string;
}

/** A token that was just made, and how it is used. */
export function TokenSecret({ issued, onClose }: { readonly issued: Issued; readonly onClose: () => void }) {
  const { name, kind } = issued.token;
  const { origin } = location;
  const { use } = text;
  const then = { server: use.sdk(origin), client: use.ofrep(origin), ci: use.cli, admin: use.cli }[kind];
  return (
    <SecretDialog
      title={text.create.secretTitle(name)}
      label={text.create.secret}
      secret={issued.secret}
      onClose={onClose}
    >
      <Stack gap="xs" align="flex-start">
        <Title order={2} size="h4">
          {use.title}
        </Title>
        <Command>{use.shell(origin)}</Command>
        <Command>{then}</Command>
      </Stack>
    </SecretDialog>
  );
}
