import { ActionIcon, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { clauses as text } from '../../text/clauses.js';
import { ChipsInput } from '../../ui/ChipsInput.js';
import { Icon } from '../../ui/Icon.js';
import {
  type Clause,
  formatValue,
  kindOf,
  type KnownOperator,
  OPERATORS,
  readValues,
  type TypedAs,
  withOperator,
} from '../../util/clause.js';
import { Complaints } from '../drafts/Complaints.js';
import classes from './ClausesEditor.module.css';

interface Props {
  readonly clause: Clause;
  /** From 1. */
  readonly place: number;
  readonly onChange: (clause: Clause) => void;
  readonly onRemove: () => void;
  /** Keys of segments that there are. */
  readonly segments: readonly string[];
}

const TYPES = ['text', 'number', 'boolean'] as const;

/** One condition: what is looked at, how, and with what it is compared. */
export function ClauseEditor({ clause, place, onChange, onRemove, segments }: Props) {
  const { attribute, operator, values, negate } = clause;
  const kind = kindOf(operator);
  const [typedAs, setTypedAs] = useState<TypedAs>(() => typeOf(values));
  const read = (given: string) => {
    const { values: got, unread } = readValues(given, operator, typedAs);
    const isNumber = kind === 'number' || typedAs === 'number';
    return { values: got, problem: unread && (isNumber ? text.unread.number(unread) : text.unread.boolean(unread)) };
  };
  return (
    <li className={classes['clause']} aria-label={text.clause(place)}>
      <span className={classes['and']}>{place > 1 && text.and}</span>
      <div className={classes['parts']}>
        {kind !== 'segment' && (
          <TextInput
            size="xs"
            className={classes['attribute'] ?? ''}
            aria-label={text.attribute}
            placeholder={text.attributeHint}
            autoComplete="off"
            value={attribute}
            onChange={({ currentTarget }) => onChange({ ...clause, attribute: currentTarget.value })}
          />
        )}
        <Checkbox
          size="xs"
          className={classes['not'] ?? ''}
          label={text.not}
          aria-label={text.negate}
          checked={negate}
          onChange={({ currentTarget }) => onChange({ ...clause, negate: currentTarget.checked })}
        />
        <NativeSelect
          size="xs"
          className={classes['operator'] ?? ''}
          aria-label={text.operator}
          value={operator}
          data={operatorsWith(operator).map((each) => ({ value: each, label: text.operators[each] ?? each }))}
          // The options are operators.
          onChange={({ currentTarget }) => onChange(withOperator(clause, currentTarget.value as KnownOperator))}
        />
        <div className={classes['values']}>
          {kind === 'any' && (
            <NativeSelect
              size="xs"
              className={classes['types'] ?? ''}
              aria-label={text.typedAs}
              value={typedAs}
              data={TYPES.map((type) => ({ value: type, label: text.types[type] }))}
              onChange={({ currentTarget }) => setTypedAs(TYPES.find((type) => type === currentTarget.value) ?? 'text')}
            />
          )}
          {kind !== 'none' && (
            <ChipsInput
              label={kind === 'segment' ? text.segments : text.values}
              values={values}
              onChange={(next) => onChange({ ...clause, values: next })}
              read={read}
              format={formatValue}
              placeholder={values.length === 0 ? text.placeholders[kind] : ''}
              suggestions={kind === 'segment' ? segments.filter((segment) => !values.includes(segment)) : []}
            />
          )}
        </div>
      </div>
      <ActionIcon aria-label={text.remove(place)} onClick={onRemove}>
        <Icon name="cross" size={12} />
      </ActionIcon>
      <div className={classes['wrong']}>
        <Complaints of={[clause]} />
      </div>
    </li>
  );
}

function typeOf([first]: Clause['values']): TypedAs {
  return typeof first === 'number' ? 'number' : typeof first === 'boolean' ? 'boolean' : 'text';
}

/** One that a later server knows stays as it is. */
function operatorsWith(operator: string): readonly string[] {
  return OPERATORS.some((each) => each === operator) ? OPERATORS : [operator, ...OPERATORS];
}
