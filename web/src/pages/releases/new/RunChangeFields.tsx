import { NativeSelect } from '@mantine/core';
import { changesStep } from '../../../text/new-release.js';
import { EmptyState } from '../../../ui/EmptyState.js';
import type { WrittenRunChange } from '../../../util/release-draft.js';
import type { Choices } from './release-queries.js';

const text = changesStep.run;

interface Props {
  readonly choices: Choices;
  readonly change: WrittenRunChange;
  readonly say: (changes: Partial<WrittenRunChange>) => void;
  readonly errorOf: (field: string) => string | undefined;
}

/** A parallel run that the release samples. */
export function RunChangeFields({ choices, change, say, errorOf }: Props) {
  const runs = choices.parallelRuns.edges.map(({ node }) => node);
  if (runs.length === 0) return <EmptyState {...text.none} />;
  return (
    <NativeSelect
      label={text.run}
      description={text.text}
      maw={360}
      value={change.run}
      data={[
        { value: '', label: text.choose },
        ...runs.map(({ key, name }) => ({ value: key, label: name === key ? key : `${name} (${key})` })),
      ]}
      error={errorOf('run')}
      onChange={({ currentTarget }) => say({ run: currentTarget.value })}
    />
  );
}
