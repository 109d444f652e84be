import { Modal, Stack, Text } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { refreshAll } from '../api/client.js';
import { sessionState } from '../api/session-state.js';
import { SessionBegin } from './session-begin.js';
import { SessionOidc } from './session-oidc.js';
import { session as text } from '../text/shell.js';

/** Opens over whatever is shown once the server no longer knows the viewer; all of the page stays as it is. */
export function SessionAgain() {
  const state = useSyncExternalStore(sessionState.subscribe, sessionState.get);
  return (
    <Modal
      opened={state === 'ended'}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={text.again}
    >
      <Stack gap="sm">
        <Text>{text.againText}</Text>
        <SessionBegin onDone={refreshAll} />
        <SessionOidc to={location.pathname + location.search} hint={text.oidc.leaves} />
      </Stack>
    </Modal>
  );
}
