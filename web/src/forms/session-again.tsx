import { Modal, Stack, Text } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { refreshAll } from '../api/client.js';
import { readSession } from '../api/session.js';
import { sessionBegan, sessionState } from '../api/session-state.js';
import { forgetOthers, leave } from '../components/leave.js';
import { SessionBegin } from './session-begin.js';
import { SessionOidc } from './session-oidc.js';
import { session as text } from '../text/shell.js';

/** Goes on with the page where it is still the same viewer's; another one gets it anew. */
async function goOn(): Promise<void> {
  const { viewer } = await readSession();
  if (viewer === null) return;
  if (forgetOthers(viewer.id)) {
    leave(location.pathname + location.search);
    return;
  }
  sessionBegan();
  refreshAll();
}

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
        <SessionBegin onDone={goOn} />
        <SessionOidc to={location.pathname + location.search} hint={text.oidc.leaves} />
      </Stack>
    </Modal>
  );
}
