import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { formatAbsolute, formatRelative, nextTellingMs } from '../util/moment.js';
import { useZone } from './zone.js';

/** A moment as people ask for it (12 minutes ago); the exact one on hover and focus. `at` is RFC 3339 text. */
export function Moment({ at, absent = '–' }: { readonly at: string | null | undefined; readonly absent?: string }) {
  return at === null || at === undefined ? <span>{absent}</span> : <Told at={at} />;
}

function Told({ at }: { readonly at: string }) {
  const [now, setNow] = useState(() => new Date());
  const [zone] = useZone();
  const moment = new Date(at);
  useEffect(() => {
    const timer = setTimeout(() => setNow(new Date()), nextTellingMs(new Date(at), now));
    return () => clearTimeout(timer);
  }, [at, now]);
  const absolute = formatAbsolute(moment, zone);
  return (
    <Tooltip label={absolute} events={{ hover: true, focus: true, touch: true }}>
      <time dateTime={at} aria-label={`${formatRelative(moment, now)}, ${absolute}`}>
        {formatRelative(moment, now)}
      </time>
    </Tooltip>
  );
}
