import { Button, Group, Stack, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { type ClipboardEvent, type KeyboardEvent, useId, useMemo, useState } from 'react';
import { chips as text } from '../text/clauses.js';
import { formatCount } from '../util/share.js';
import classes from './ChipsInput.module.css';
import { Icon } from './Icon.js';

interface Props<Value> {
  readonly label: string;
  readonly values: readonly Value[];
  readonly onChange: (values: readonly Value[]) => void;
  /** Reads what was typed or pasted; a problem is told, and what was typed stays. */
  readonly read: (text: string) => { readonly values: readonly Value[]; readonly problem?: string | undefined };
  readonly format?: (value: Value) => string;
  readonly suggestions?: readonly string[];
  readonly placeholder?: string;
}

/** Above it a list is looked through by what is typed, and only its first values are drawn. */
const MOST_DRAWN = 40;

/**
 * Values one by one: Enter, a comma of a pasted list, or leaving the field adds what is typed; backspace in the empty
 * field takes the last. Lists of many thousands are as fast as short ones.
 */
export function ChipsInput<Value extends string | number | boolean>(props: Props<Value>) {
  const { label, values, onChange, read, format = String, suggestions = [], placeholder } = props;
  const [typed, setTyped] = useState('');
  const [sought, setSought] = useState('');
  const [problem, setProblem] = useState<string>();
  const [told, setTold] = useState('');
  const listId = useId();
  const found = useMemo(
    () => (sought === '' ? values : values.filter((value) => String(value).includes(sought))),
    [values, sought],
  );
  const isMany = values.length > MOST_DRAWN;
  const drawn = (isMany ? found : values).slice(0, MOST_DRAWN);

  const add = (given: string): void => {
    const got = read(given);
    setProblem(got.problem);
    if (got.problem !== undefined) return setTyped(given);
    setTyped('');
    const known = new Set(values);
    const added = got.values.filter((value) => !known.has(value));
    if (added.length > 0) onChange([...values, ...added]);
    if (got.values.length > 0) setTold(added.length === 0 ? text.known : text.added(formatCount(added.length), label));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      add(typed);
    }
    if (event.key === 'Backspace' && typed === '' && values.length > 0 && !isMany) onChange(values.slice(0, -1));
  };
  const onPaste = (event: ClipboardEvent): void => {
    const pasted = event.clipboardData.getData('text');
    if (typed !== '' || !/[\n\t,]/u.test(pasted)) return;
    event.preventDefault();
    add(pasted);
  };
  return (
    <Stack gap={4} role="group" aria-label={label}>
      {isMany && (
        <Group gap="xs">
          <TextInput
            size="xs"
            type="search"
            aria-label={text.find(label)}
            placeholder={text.find(label)}
            leftSection={<Icon name="search" />}
            value={sought}
            onChange={({ currentTarget }) => setSought(currentTarget.value)}
          />
          <Text size="sm" c="dimmed">
            {text.count(formatCount(values.length))}
            {found.length > drawn.length && `, ${text.shown(String(MOST_DRAWN), formatCount(found.length))}`}
          </Text>
          <Button variant="subtle" size="compact-xs" aria-label={text.clear(label)} onClick={() => onChange([])}>
            {text.clear(label)}
          </Button>
        </Group>
      )}
      <div className={classes['box']}>
        {drawn.map((value) => {
          const words = format(value);
          return (
            <span key={`${typeof value} ${String(value)}`} className={classes['chip']}>
              {words}
              <button
                type="button"
                className={classes['remove']}
                aria-label={text.remove(words)}
                onClick={() => onChange(values.filter((each) => each !== value))}
              >
                <Icon name="cross" size={10} />
              </button>
            </span>
          );
        })}
        <TextInput
          className={classes['input'] ?? ''}
          size="xs"
          aria-label={text.add(label)}
          placeholder={placeholder}
          autoComplete="off"
          list={suggestions.length > 0 ? listId : undefined}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={() => add(typed)}
          error={problem}
        />
        {suggestions.length > 0 && (
          <datalist id={listId}>
            {suggestions.map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        )}
      </div>
      <VisuallyHidden role="status">{told}</VisuallyHidden>
    </Stack>
  );
}
