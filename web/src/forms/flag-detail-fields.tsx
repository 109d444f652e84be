import { NativeSelect, TagsInput, Textarea, TextInput } from '@mantine/core';
import { flag as text } from '../text/flag.js';

const PURPOSES = ['release', 'experiment', 'operational', 'permission'] as const;
const words = text.create;

/** What people write of a flag, as it stands in fields. */
export interface FlagDetails {
  readonly name: string;
  readonly description: string;
  readonly purpose: (typeof PURPOSES)[number];
  readonly owner: string;
  /** `2026-11-21`; '' for none. */
  readonly dueAt: string;
  readonly tags: string[];
}

/** Fields of what a flag is besides its answers. `knownTags` are offered. */
export function FlagDetailFields({
  inputOf,
  knownTags,
  isNew,
}: {
  readonly inputOf: (field: keyof FlagDetails) => object;
  readonly knownTags: readonly string[];
  readonly isNew: boolean;
}) {
  return (
    <>
      <TextInput
        label={words.name}
        {...(isNew && { description: words.nameHint })}
        autoComplete="off"
        {...inputOf('name')}
      />
      <Textarea label={text.settings.description} minRows={1} {...inputOf('description')} />
      <NativeSelect
        label={words.purpose}
        data={PURPOSES.map((value) => ({ value, label: words.purposes[value] }))}
        {...inputOf('purpose')}
      />
      <TextInput label={words.owner} description={words.ownerHint} autoComplete="off" {...inputOf('owner')} />
      <TextInput type="date" label={words.due} description={words.dueHint} {...inputOf('dueAt')} />
      <TagsInput label={words.tags} description={words.tagsHint} data={[...knownTags]} {...inputOf('tags')} />
    </>
  );
}

/** The details as the API takes them: a day is its beginning, UTC. */
export function toDetails({ name, description, purpose, owner, dueAt, tags }: FlagDetails) {
  return {
    ...{ description, purpose, tags },
    name: name.trim(),
    owner: owner.trim() === '' ? null : owner.trim(),
    dueAt: dueAt === '' ? null : `${dueAt}T00:00:00Z`,
  };
}
