import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { formatAbsolute, formatDuration, nextTellingMs } from '../util/moment.js';
import { useZone } from './zone.js';

const NOW = '0 s';

/** How long it has been since a moment, counting on: `12 min 5 s`; the moment itself on hover and focus. */
export function Elapsed({ since }: { readonly since: string }) {
  const [now, setNow] = useState(() => new Date());
  const [zone] = useZone();
  useEffect(() => {
    const timer = setTimeout(() => setNow(new Date()), nextTellingMs(new Date(since), now));
    return () => clearTimeout(timer);
  }, [since, now]);
  const ms = Math.max(0, now.getTime() - Date.parse(since));
  return (
    <Tooltip label={formatAbsolute(new Date(since), zone)} events={{ hover: true, focus: true, touch: true }}>
      <time dateTime={since}>{ms < 1_000 ? NOW : formatDuration(Math.floor(ms / 1_000) * 1_000)}</time>
    </Tooltip>
  );
}
