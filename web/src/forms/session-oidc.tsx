import { Button, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { type Failure, toFailure } from '../api/failure.js';
import { beginOidc, readSession } from '../api/session.js';
import { Banner } from '../components/Banner.js';
import { session as text } from '../text/shell.js';

interface Props {
  /** Where to go on then. */
  readonly to: string;
  /** What leaving the page costs, where it costs anything. */
  readonly hint?: string;
}

/** Signs in with the OpenID provider, where the server has one; nothing where it has none. */
export function SessionOidc({ to, hint }: Props) {
  const [name, setName] = useState<string>();
  const [failure, setFailure] = useState<Failure>();
  const [isLeaving, setIsLeaving] = useState(false);
  useEffect(() => {
    // Without an answer there is still the password, which says so.
    readSession().then(
      ({ oidc }) => setName(oidc?.name),
      () => undefined,
    );
  }, []);
  if (name === undefined) return null;

  const leave = (): void => {
    setFailure(undefined);
    setIsLeaving(true);
    beginOidc(to).then(
      (url) => location.assign(url),
      (error: unknown) => {
        setFailure(toFailure(error));
        setIsLeaving(false);
      },
    );
  };
  return (
    <Stack gap="xs">
      <Banner problems={failure === undefined ? [] : [failure]} />
      <Button variant="default" size="sm" loading={isLeaving} onClick={leave}>
        {text.oidc.submit(name)}
      </Button>
      {hint !== undefined && (
        <Text size="sm" c="dimmed">
          {hint}
        </Text>
      )}
    </Stack>
  );
}
