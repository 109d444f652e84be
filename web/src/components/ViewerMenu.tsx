import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import { signOut } from '../api/session.js';
import { shell as text } from '../text/shell.js';
import { Icon } from '../ui/Icon.js';
import { useZone } from '../ui/zone.js';
import { pb } from '../util/path-builder.js';
import { AppLink } from './AppLink.js';
import { leave } from './leave.js';
import { useViewer } from './use-viewer.js';

const SCHEMES = ['light', 'dark', 'auto'] as const;
const ZONES = ['local', 'utc'] as const;

/** How the viewer wants to see the page, and the way out. */
export function ViewerMenu({ onShortcuts }: { readonly onShortcuts: () => void }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [zone, setZone] = useZone();
  const viewer = useViewer();
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <ActionIcon aria-label={text.you}>
          <Icon name="person" size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {viewer !== undefined && <Menu.Label>{viewer.email ?? viewer.name}</Menu.Label>}
        {SCHEMES.map((scheme) => (
          <Menu.RadioItem
            key={scheme}
            value={scheme}
            checked={colorScheme === scheme}
            onChange={() => setColorScheme(scheme)}
            checkIcon={<Icon name="check" />}
            closeMenuOnClick
          >
            {text.theme[scheme]}
          </Menu.RadioItem>
        ))}
        <Menu.Divider />
        {ZONES.map((each) => (
          <Menu.RadioItem
            key={each}
            value={each}
            checked={zone === each}
            onChange={() => setZone(each)}
            checkIcon={<Icon name="check" />}
            closeMenuOnClick
          >
            {text.zone[each]}
          </Menu.RadioItem>
        ))}
        <Menu.Divider />
        <Menu.Item component={AppLink} to={pb.account()}>
          {text.account}
        </Menu.Item>
        <Menu.Item onClick={onShortcuts}>{text.shortcuts}</Menu.Item>
        <Menu.Item onClick={() => void signOut().then(() => leave())}>{text.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
