import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Icon } from './Icon.js';

const QUIET_MS = 200;

/**
 * A text by which a list is filtered. What is typed shows at once and is told a moment after the last key, so that a
 * value that comes back late (from the URL) takes nothing away.
 */
export function FilterInput(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** In pixels. */
  readonly width?: number;
}) {
  const { label, value, onChange, width = 300 } = props;
  const [typed, setTyped] = useState(value);
  const told = useRef(value);
  const tell = useRef(onChange);
  useEffect(() => void (tell.current = onChange), [onChange]);
  // Another value than the last one told comes from elsewhere: a link, or the way back.
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => {
    if (typed === told.current) return undefined;
    const timer = setTimeout(() => {
      told.current = typed;
      tell.current(typed);
    }, QUIET_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<Icon name="search" />}
      w={width}
      maw="100%"
      value={typed}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
    />
  );
}
