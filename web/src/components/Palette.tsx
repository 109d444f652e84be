import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { useEffect, useRef, useState } from 'react';
import { shell as text } from '../text/shell.js';
import { destinations } from './navigation.js';
import { useOfferedActs } from './palette-acts.js';
import { findAll, type Found } from './palette-searches.js';
import { useGo } from './use-go.js';
import { usePlace } from './use-place.js';

const SEARCH_WAIT_MS = 150;
const [store, palette] = createSpotlight();

/** Goes to anything and does what the page can do, by typing. Draw it to open it. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const place = usePlace();
  const go = useGo();
  const acts = useOfferedActs();
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<readonly Found[]>([]);
  useEffect(() => palette.open(), []);
  useEffect(() => {
    if (place === undefined || query.trim() === '') {
      setFound([]);
      return undefined;
    }
    let isCurrent = true;
    const timer = setTimeout(() => {
      void findAll(place, query.trim()).then((each) => {
        if (isCurrent) setFound(each);
      });
    }, SEARCH_WAIT_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [place, query]);

  // Spotlight chose among what there was when a key was pressed: what is found comes later, and Enter is to take it.
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (list.current === null || list.current.querySelector('[data-selected]') !== null) return;
    list.current.querySelector('[data-action]')?.setAttribute('data-selected', 'true');
    store.updateState((state) => ({ ...state, selected: 0 }));
  }, [found]);

  const wanted = query.trim().toLowerCase();
  const isWanted = ({ label }: { readonly label: string }): boolean => label.toLowerCase().includes(wanted);
  const items = [
    ...acts.filter(isWanted).map(({ label, run }) => ({ id: `do ${label}`, label, description: '', run })),
    ...destinations(place)
      .filter(isWanted)
      .map(({ label, to }) => ({ id: to, label, description: '', run: () => go(to) })),
    ...found.map(({ label, kind, to }) => ({ id: to, label, description: kind, run: () => go(to) })),
  ];
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={onClose}
      shortcut={null}
      transitionProps={{ duration: 0 }}
    >
      <Spotlight.Search placeholder={text.search} aria-label={text.search} />
      <Spotlight.ActionsList ref={list}>
        {items.map(({ id, label, description, run }) => (
          <Spotlight.Action key={id} label={label} description={description} onClick={run} />
        ))}
        {items.length === 0 && <Spotlight.Empty>{text.nothingFound}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
