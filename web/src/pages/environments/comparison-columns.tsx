import { Checkbox, UnstyledButton } from '@mantine/core';
import { environments } from '../../text/environments.js';
import type { Column } from '../../ui/DataTable.js';
import { Sentence } from '../../ui/Sentence.js';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.js';
import type { Sides } from '../../util/compare-sides.js';
import type { ComparedFlag } from './comparison-query.js';
import classes from './comparison-columns.module.css';

const text = environments.compare;

const TONES: Readonly<Record<ComparedFlag['likeness'], Tone>> = {
  same: 'good',
  different: 'warning',
  onlyLeft: 'waiting',
  onlyRight: 'neutral',
};

/** The columns of a comparison: `open` shows what differs. */
export function columnsOf(
  { from, to }: Sides,
  selected: ReadonlySet<string>,
  toggle: (flag: string) => void,
  open: (flag: string) => void,
): readonly Column<ComparedFlag>[] {
  return [
    {
      id: 'select',
      header: text.columns.select,
      width: 'min(80px, 20vw)',
      cell: ({ flag, likeness }) => (
        <Checkbox
          size="xs"
          aria-label={text.select(flag)}
          checked={selected.has(flag) && likeness !== 'same'}
          disabled={likeness === 'same'}
          onChange={() => toggle(flag)}
        />
      ),
    },
    {
      id: 'flag',
      header: text.columns.flag,
      cell: ({ flag }) => (
        <UnstyledButton className={classes['open']} aria-label={text.show(flag)} onClick={() => open(flag)}>
          {flag}
        </UnstyledButton>
      ),
    },
    {
      id: 'likeness',
      header: text.columns.likeness,
      width: 'min(210px, 36vw)',
      cell: ({ likeness }) => <StatusBadge tone={TONES[likeness]}>{text.likeness[likeness](from, to)}</StatusBadge>,
    },
    {
      id: 'fields',
      header: text.columns.fields,
      isMinor: true,
      cell: ({ fields }) => fields.map((field) => text.fields[field]).join(', ') || '–',
    },
    {
      id: 'hold',
      header: text.columns.hold,
      isMinor: true,
      cell: ({ right }) => <Sentence>{right.hold?.sentence ?? '–'}</Sentence>,
    },
  ];
}
