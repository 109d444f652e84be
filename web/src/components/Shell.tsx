import { AppShell, Burger, Group, NavLink, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { product, shell as text } from '../text/shell.js';
import { Icon } from '../ui/Icon.js';
import { pb } from '../util/path-builder.js';
import { AppLink } from './AppLink.js';
import { ConnectionPill } from './ConnectionPill.js';
import { destinations } from './navigation.js';
import { PlaceSwitch } from './PlaceSwitch.js';
import classes from './Shell.module.css';
import { useShellKeys } from './use-shell-keys.js';
import { usePlace } from './use-place.js';
import { ViewerMenu } from './ViewerMenu.js';

const Palette = lazy(async () => ({ default: (await import('./Palette.js')).Palette }));
const ShortcutSheet = lazy(async () => ({ default: (await import('./ShortcutSheet.js')).ShortcutSheet }));

/** What is around every page: where one is, where one can go, who one is. */
export function Shell() {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const [over, setOver] = useState<'palette' | 'shortcuts'>();
  const { pathname } = useLocation();
  const place = usePlace();
  useEffect(close, [pathname, close]);
  useShellKeys(place, setOver);
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 190, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
      transitionDuration={0}
    >
      <a className={classes['skip']} href="#page">
        {text.skip}
      </a>
      <AppShell.Header className={classes['header']}>
        <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={text.openNavigation} />
        <AppLink to={pb.home()} className={classes['product']}>
          {product}
        </AppLink>
        <PlaceSwitch />
        <Group gap="xs" ml="auto" wrap="nowrap">
          <ConnectionPill />
          <UnstyledButton className={classes['search']} onClick={() => setOver('palette')}>
            <Icon name="search" />
            <span>{text.search}</span>
            <kbd>{text.searchHint}</kbd>
          </UnstyledButton>
          <ViewerMenu onShortcuts={() => setOver('shortcuts')} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p={6} aria-label={text.navigation}>
        {destinations(place).map(({ label, to }) => {
          const path = to.split('?')[0] ?? to;
          const isHere = pathname === path || pathname.startsWith(`${path}/`);
          return (
            <NavLink
              key={label}
              component={AppLink}
              to={to}
              label={label}
              active={isHere}
              aria-current={isHere ? 'page' : undefined}
              className={classes['link']}
            />
          );
        })}
      </AppShell.Navbar>
      <AppShell.Main id="page" tabIndex={-1} className={classes['main']}>
        <Outlet />
      </AppShell.Main>
      <Suspense>
        {over === 'palette' && <Palette onClose={() => setOver(undefined)} />}
        {over === 'shortcuts' && <ShortcutSheet onClose={() => setOver(undefined)} />}
      </Suspense>
    </AppShell>
  );
}
