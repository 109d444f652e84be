import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { formatAbsolute, formatRelative, nextTellingMs } from '../util/moment.js';
import { useZone } from './zone.js';

interface Props {
  /** RFC 3339 text. */
  readonly at: string | null | undefined;
  readonly absent?: string;
  /** Within words that lead up to a point in time: that is told, and how far it is from now on hover and focus. */
  readonly isExact?: boolean;
}

/** A moment as people ask for it (12 minutes ago); the exact one on hover and focus. */
export function Moment({ at, absent = '–', isExact = false }: Props) {
  return at === null || at === undefined ? <span>{absent}</span> : <Told at={at} isExact={isExact} />;
}

function Told({ at, isExact }: { readonly at: string; readonly isExact: boolean }) {
  const [now, setNow] = useState(() => new Date());
  const [zone] = useZone();
  const moment = new Date(at);
  useEffect(() => {
    const timer = setTimeout(() => setNow(new Date()), nextTellingMs(new Date(at), now));
    return () => clearTimeout(timer);
  }, [at, now]);
  const absolute = formatAbsolute(moment, zone);
  const relative = formatRelative(moment, now);
  return (
    <Tooltip label={isExact ? relative : absolute} events={{ hover: true, focus: true, touch: true }}>
      <time dateTime={at} aria-label={isExact ? `${absolute}, ${relative}` : `${relative}, ${absolute}`}>
        {isExact ? absolute : relative}
      </time>
    </Tooltip>
  );
}
