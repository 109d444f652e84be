import { NativeSelect, Stack, Text } from '@mantine/core';
import { movedShare } from '@sluice/sdk/evaluation';
import { Complaints } from '../../../components/drafts/Complaints.js';
import { serving } from '../../../text/serving.js';
import { formatShare } from '../../../util/share.js';
import { missingShare, type Serve, splitFrom } from '../../../util/split.js';
import { SplitEditor } from './SplitEditor.js';

interface Props<S extends Serve | null> {
  readonly serve: S;
  /** What is served now; null where nothing is to compare with. */
  readonly before: Serve | null;
  readonly variations: readonly string[];
  readonly flag: string;
  /** Whether it is of a rule, and so of those that it matches. */
  readonly isOfRule: boolean;
  /** Whether the caller's default can be chosen (null). */
  readonly takesNull: null extends S ? true : false;
  readonly onChange: (serve: S) => void;
}

const text = serving.serve;
// Keys of variations are not empty, and hold no such signs.
const SPLIT = '%';
const NOTHING = '';

/** What is served: one variation to all, or a split, and how many get another one by the edit. */
export function ServeEditor<S extends Serve | null>(props: Props<S>) {
  const { serve, before, variations, flag, isOfRule, takesNull, onChange } = props;
  const chosen = serve === null ? NOTHING : 'split' in serve ? SPLIT : serve.variation;
  // A serve is one of those that are taken; null is offered only where it is.
  const change = (next: Serve | null): void => onChange(next as S);
  const choose = (value: string): void => {
    if (value === NOTHING) change(null);
    else if (value !== SPLIT) change({ variation: value });
    else change({ split: splitFrom(serve !== null && 'variation' in serve ? serve.variation : variations[0]) });
  };
  return (
    <Stack gap={6}>
      <NativeSelect
        size="xs"
        maw={260}
        label={text.label}
        value={chosen}
        data={[
          ...(takesNull ? [{ value: NOTHING, label: serving.state.callersDefault }] : []),
          ...variations,
          { value: SPLIT, label: text.split },
        ]}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      />
      {serve !== null && 'split' in serve && (
        <SplitEditor split={serve.split} variations={variations} flag={flag} onChange={(split) => change({ split })} />
      )}
      <Complaints of={[serve]} />
      <Moved before={before} after={serve} flag={flag} isOfRule={isOfRule} />
    </Stack>
  );
}

function Moved(props: {
  readonly before: Serve | null;
  readonly after: Serve | null;
  readonly flag: string;
  readonly isOfRule: boolean;
}) {
  const { before, after, flag, isOfRule } = props;
  if (before === null || after === null || before === after) return null;
  if ('split' in after && missingShare(after.split) !== 0) return null;
  const share = movedShare(before, after, flag);
  const words =
    share === 0
      ? isOfRule
        ? text.movedNoneOf
        : text.movedNone
      : (isOfRule ? text.movedOf : text.moved)(formatShare(share));
  return (
    <Text size="sm" fw={600} role="status">
      {words} {isShuffled(before, after, flag) && text.shuffled}
    </Text>
  );
}

function isShuffled(before: Serve, after: Serve, flag: string): boolean {
  if (!('split' in before && 'split' in after)) return false;
  const diceOf = ({ split: { bucketBy = 'targetingKey', seed = flag } }: Extract<Serve, { split: unknown }>) =>
    JSON.stringify([bucketBy, seed]);
  return diceOf(before) !== diceOf(after);
}
