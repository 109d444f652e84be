import { Button, Text, VisuallyHidden } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import { Part, PartList } from '../../../components/drafts/Parts.js';
import { serving } from '../../../text/serving.js';
import { Icon } from '../../../ui/Icon.js';
import { NEW_CLAUSE } from '../../../util/clause.js';
import { moved } from '../../../util/reorder.js';
import { RuleCard } from './RuleCard.js';
import { type Rule, withoutRule, withRule } from './serving-content.js';

interface Props {
  readonly rules: readonly Rule[];
  /** As they are stored. */
  readonly stored: readonly Rule[];
  readonly variations: readonly string[];
  readonly segments: readonly string[];
  readonly flag: string;
  readonly isLocked: boolean;
  /** Ids of the rules that the tested context matches. */
  readonly matched: ReadonlySet<string>;
  readonly onEdit: (change: (rules: readonly Rule[]) => readonly Rule[]) => void;
}

const text = serving.rules;

/** Rules in the order in which they are asked. */
export function RulesEditor({ rules, stored, variations, segments, flag, isLocked, matched, onEdit }: Props) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [told, setTold] = useState('');
  const storedById = useMemo(() => new Map(stored.map((rule) => [rule.id, rule])), [stored]);
  const count = rules.length;

  const toggle = useCallback((id: string) => setOpen((before) => toggled(before, id)), []);
  const change = useCallback((next: Rule) => onEdit((before) => withRule(before, next)), [onEdit]);
  const remove = useCallback(
    (id: string, index: number) => {
      onEdit((before) => withoutRule(before, id));
      setTold(text.removed(index + 1));
    },
    [onEdit],
  );
  const move = useCallback(
    (from: number, to: number) => {
      if (to < 0 || to >= count) return setTold(text.cannotMove(from + 1, count));
      // The browser takes focus from what is put elsewhere in the document.
      const focused = document.activeElement;
      flushSync(() => onEdit((before) => moved(before, from, to)));
      if (focused instanceof HTMLElement) focused.focus();
      setTold(text.moved(from + 1, to + 1, count));
    },
    [onEdit, count],
  );
  const add = (): void => {
    const [variation = ''] = variations;
    const rule = { id: crypto.randomUUID(), description: '', clauses: [NEW_CLAUSE], serve: { variation } };
    onEdit((before) => [...before, rule]);
    toggle(rule.id);
  };
  return (
    <Part title={text.title} text={text.text}>
      {count === 0 && <Text size="sm">{text.none}</Text>}
      <PartList label={text.title}>
        {rules.map((rule, index) => (
          <RuleCard
            key={rule.id}
            rule={rule}
            before={storedById.get(rule.id)}
            index={index}
            variations={variations}
            segments={segments}
            flag={flag}
            isOpen={open.has(rule.id)}
            isLocked={isLocked}
            isMatched={matched.has(rule.id)}
            onToggle={toggle}
            onChange={change}
            onRemove={remove}
            onMove={move}
          />
        ))}
      </PartList>
      <div>
        <Button variant="default" size="compact-sm" leftSection={<Icon name="plus" size={12} />} onClick={add}>
          {text.add}
        </Button>
      </div>
      <VisuallyHidden role="status">{told}</VisuallyHidden>
    </Part>
  );
}

function toggled(open: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return open.has(id) ? new Set([...open].filter((each) => each !== id)) : new Set([...open, id]);
}
