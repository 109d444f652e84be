import { ActionIcon, Button, Group, Popover, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { AppLink } from '../../components/AppLink.js';
import { releases } from '../../text/releases.js';
import { browserTexts } from '../../ui/browser-texts.js';
import { Icon } from '../../ui/Icon.js';
import { FOCUSED } from '../../ui/focused.js';
import { withSearch } from '../../util/path-builder.js';
import { readViews, type SavedView, withoutView, withView } from '../../util/saved-views.js';

const text = releases.views;

interface Props {
  /** Under which they are kept in this browser. */
  readonly storageKey: string;
  /** The list without any words behind the question mark but its place. */
  readonly path: string;
  /** What is shown now. */
  readonly search: SavedView['search'];
}

/** Filters under names: each is a link, and one is made of what is shown. */
export function SavedViews({ storageKey, path, search }: Props) {
  const [views, setViews] = useState(() => readViews(browserTexts.read(storageKey)));
  const [name, setName] = useState('');
  const [isNaming, setNaming] = useState(false);
  const keep = (next: readonly SavedView[]): void => {
    browserTexts.write(storageKey, JSON.stringify(next));
    setViews(next);
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() === '') return;
    keep(withView(views, { name: name.trim(), search }));
    setName('');
    setNaming(false);
  };
  return (
    <Group gap={6} role="group" aria-label={text.label}>
      {views.map((view) => (
        <Group key={view.name} gap={0} wrap="nowrap">
          <Button component={AppLink} to={withSearch(path, view.search)} variant="light" size="compact-xs">
            {view.name}
          </Button>
          <ActionIcon size="xs" aria-label={text.remove(view.name)} onClick={() => keep(withoutView(views, view.name))}>
            <Icon name="cross" size={10} />
          </ActionIcon>
        </Group>
      ))}
      <Popover
        opened={isNaming}
        onChange={setNaming}
        trapFocus
        position="bottom-start"
        transitionProps={{ duration: 0 }}
      >
        <Popover.Target>
          <Button
            variant="subtle"
            size="compact-xs"
            leftSection={<Icon name="plus" size={12} />}
            onClick={() => setNaming(!isNaming)}
          >
            {text.save}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <form onSubmit={save}>
            <TextInput
              label={text.name}
              value={name}
              {...FOCUSED}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <Text size="xs" c="dimmed" maw={260} my={6}>
              {text.hint}
            </Text>
            <Button type="submit">{text.submit}</Button>
          </form>
        </Popover.Dropdown>
      </Popover>
    </Group>
  );
}
