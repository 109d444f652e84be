import { ActionIcon, Button, Group, TextInput } from '@mantine/core';
import { useId } from 'react';
import { Complaints } from '../../../components/drafts/Complaints.js';
import { Part, PartList } from '../../../components/drafts/Parts.js';
import { serving } from '../../../text/serving.js';
import { ChipsInput } from '../../../ui/ChipsInput.js';
import { Icon } from '../../../ui/Icon.js';
import { splitValues } from '../../../util/clause.js';
import type { Prerequisite } from './serving-content.js';

interface Props {
  readonly prerequisites: readonly Prerequisite[];
  /** Other flags, each with the keys of its variations. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly onEdit: (change: (prerequisites: readonly Prerequisite[]) => readonly Prerequisite[]) => void;
}

const text = serving.prerequisites;

/** What other flags must serve before this one serves anything but its off variation. */
export function PrerequisitesEditor({ prerequisites, flags, onEdit }: Props) {
  const listId = useId();
  const put = (index: number, next: Prerequisite): void => onEdit((before) => before.with(index, next));
  return (
    <Part title={text.title} text={text.text}>
      {prerequisites.length > 0 && (
        <PartList label={text.title}>
          {prerequisites.map((each, index) => {
            const known = flags.get(each.flag) ?? [];
            return (
              <li key={`${index} of ${prerequisites.length}`} aria-label={text.item(index + 1)}>
                <Group gap="xs">
                  <TextInput
                    size="xs"
                    aria-label={text.flag}
                    placeholder={text.flag}
                    autoComplete="off"
                    list={listId}
                    value={each.flag}
                    onChange={({ currentTarget }) => put(index, { ...each, flag: currentTarget.value })}
                  />
                  <span>{text.serves}</span>
                  <ChipsInput
                    label={text.variations}
                    values={each.variations}
                    onChange={(variations) => put(index, { ...each, variations })}
                    read={(given) => ({ values: splitValues(given) })}
                    suggestions={known.filter((variation) => !each.variations.includes(variation))}
                    placeholder={known.join(', ')}
                  />
                  <ActionIcon
                    aria-label={text.remove(index + 1)}
                    onClick={() => onEdit((before) => before.toSpliced(index, 1))}
                  >
                    <Icon name="cross" size={12} />
                  </ActionIcon>
                </Group>
                <Complaints of={[each]} />
              </li>
            );
          })}
        </PartList>
      )}
      <datalist id={listId}>
        {[...flags.keys()].map((key) => (
          <option key={key} value={key} />
        ))}
      </datalist>
      <div>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<Icon name="plus" size={12} />}
          onClick={() => onEdit((before) => [...before, { flag: '', variations: [] }])}
        >
          {text.add}
        </Button>
      </div>
    </Part>
  );
}
