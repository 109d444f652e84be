import { ActionIcon, Text, TextInput } from '@mantine/core';
import { type DragEvent, type KeyboardEvent, memo, useState } from 'react';
import { ClausesEditor } from '../../../components/clauses/ClausesEditor.js';
import { describeClauses } from '../../../components/clauses/describe-clauses.js';
import { Complaints } from '../../../components/drafts/Complaints.js';
import { serving } from '../../../text/serving.js';
import { Icon } from '../../../ui/Icon.js';
import { StatusBadge } from '../../../ui/StatusBadge.js';
import { ServeEditor } from './ServeEditor.js';
import classes from './Serving.module.css';
import { type Rule, servedWords } from './serving-content.js';

interface Props {
  readonly rule: Rule;
  /** As it is stored; undefined: it is new. */
  readonly before: Rule | undefined;
  /** From 0. */
  readonly index: number;
  readonly variations: readonly string[];
  readonly segments: readonly string[];
  readonly flag: string;
  readonly isOpen: boolean;
  readonly isLocked: boolean;
  /** Whether the context that is tried matches it. */
  readonly isMatched: boolean;
  readonly onToggle: (id: string) => void;
  readonly onChange: (rule: Rule) => void;
  readonly onRemove: (id: string, index: number) => void;
  readonly onMove: (from: number, to: number) => void;
}

const text = serving.rules;
const DRAGGED = 'application/x-sluice-rule';

/** A rule: in a line, and opened to be edited. Alt with the arrows up and down moves it from wherever focus is in it. */
export const RuleCard = memo(function RuleCard(props: Props) {
  const { rule, before, index, variations, segments, flag, isOpen, isLocked, isMatched } = props;
  const { onToggle, onChange, onRemove, onMove } = props;
  const [isOver, setOver] = useState(false);
  const place = index + 1;

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (step === 0 || !event.altKey || isLocked) return;
    event.preventDefault();
    onMove(index, index + step);
  };
  const onDrop = (event: DragEvent): void => {
    setOver(false);
    const from = event.dataTransfer.getData(DRAGGED);
    if (from === '') return;
    event.preventDefault();
    onMove(Number(from), index);
  };
  return (
    <li
      className={classes['rule']}
      aria-label={text.rule(place)}
      data-over={isOver}
      onKeyDown={onKeyDown}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAGGED)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <div className={classes['summary']}>
        <span
          role="button"
          tabIndex={isLocked ? -1 : 0}
          aria-disabled={isLocked}
          aria-label={text.grip(place)}
          aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
          className={classes['grip']}
          draggable={!isLocked}
          onDragStart={(event) => {
            event.dataTransfer.setData(DRAGGED, String(index));
            event.dataTransfer.effectAllowed = 'move';
          }}
        >
          <Icon name="grip" />
        </span>
        <span className={classes['words']}>
          {place}. {rule.description !== '' && `${rule.description}: `}
          {describeClauses(rule.clauses)} → <span className={classes['served']}>{servedWords(rule.serve)}</span>
        </span>
        {isMatched && <StatusBadge tone="active">{text.matches}</StatusBadge>}
        {before !== rule && <Text size="xs">{before === undefined ? text.new : text.changed}</Text>}
        {/* No button: in settings that are locked, buttons are off, and rules are read all the same. */}
        <ActionIcon
          component="span"
          role="button"
          tabIndex={0}
          aria-label={isOpen ? text.close(place) : text.open(place)}
          aria-expanded={isOpen}
          onClick={() => onToggle(rule.id)}
          onKeyDown={(event: KeyboardEvent) => {
            if (event.key !== 'Enter' && event.key !== ' ') return;
            event.preventDefault();
            onToggle(rule.id);
          }}
        >
          <Icon name={isOpen ? 'up' : 'down'} />
        </ActionIcon>
        <ActionIcon aria-label={text.remove(place)} onClick={() => onRemove(rule.id, index)}>
          <Icon name="cross" size={12} />
        </ActionIcon>
      </div>
      <Complaints of={[rule, ...(isOpen ? [] : [...rule.clauses, rule.serve])]} />
      {isOpen && (
        <div className={classes['body']}>
          <ClausesEditor
            clauses={rule.clauses}
            segments={segments}
            onChange={(clauses) => onChange({ ...rule, clauses })}
          />
          <ServeEditor
            serve={rule.serve}
            before={before?.serve ?? null}
            variations={variations}
            flag={flag}
            isOfRule
            takesNull={false}
            onChange={(serve) => onChange({ ...rule, serve })}
          />
          <TextInput
            size="xs"
            maw={520}
            label={text.description}
            value={rule.description}
            onChange={({ currentTarget }) => onChange({ ...rule, description: currentTarget.value })}
          />
        </div>
      )}
    </li>
  );
});
