import { useHotkeys } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import type { InProject } from '../util/path-builder.js';
import { destinations } from './navigation.js';
import { useGo } from './use-go.js';

const SEQUENCE_MS = 1_200;
const FIELDS = 'input, textarea, select, [contenteditable="true"]';

/** Ctrl-K, `?`, and `g` with the letter of a page. Not while something is typed, except Ctrl-K. */
export function useShellKeys(place: InProject | undefined, open: (what: 'palette' | 'shortcuts') => void): void {
  const go = useGo();
  useHotkeys([['mod+K', () => open('palette')]], []);
  const startedAt = useRef(-Infinity);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest(FIELDS) !== null) return;
      if (event.key === '?') {
        open('shortcuts');
        return;
      }
      const isSecond = event.timeStamp - startedAt.current < SEQUENCE_MS;
      startedAt.current = event.key === 'g' && !isSecond ? event.timeStamp : -Infinity;
      const destination = isSecond ? destinations(place).find(({ key }) => key === event.key) : undefined;
      if (destination !== undefined) go(destination.to);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [go, open, place]);
}
