import { Text } from '@mantine/core';
import { SecretDialog } from '../components/SecretDialog.js';
import { people as text } from '../text/access.js';
import { Moment } from '../ui/Moment.js';

/** Somebody who may choose a password now. */
export interface Invited {
  readonly person: { readonly name: string; readonly email: string };
  readonly secret: string;
  readonly secretExpiresAt: string;
}

/** The link by which somebody chooses a password. The secret stands behind the #: no server and no log sees it there. */
export function PersonSecret({
  title,
  invited,
  onClose,
}: {
  readonly title: string;
  readonly invited: Invited;
  readonly onClose: () => void;
}) {
  const link = `${location.origin}/invitation#${invited.secret}`;
  return (
    <SecretDialog title={title} label={text.invite.link} secret={link} onClose={onClose}>
      <Text>
        {text.invite.text(invited.person.email)} <Moment at={invited.secretExpiresAt} />.
      </Text>
    </SecretDialog>
  );
}
