import { Tooltip } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { liveState } from '../api/live-state.js';
import { shell as text } from '../text/shell.js';
import { StatusBadge } from '../ui/StatusBadge.js';

/** Says when changes do not reach the page any more, and nothing while they do. */
export function ConnectionPill() {
  const state = useSyncExternalStore(liveState.subscribe, liveState.get);
  return (
    <span role="status">
      {state === 'lost' && (
        <Tooltip label={text.connection.lost}>
          <span>
            <StatusBadge tone="warning">{text.connection.short}</StatusBadge>
          </span>
        </Tooltip>
      )}
    </span>
  );
}
