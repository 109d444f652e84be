import { ActionIcon, Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { flag as text } from '../text/flag.js';
import { Icon } from '../ui/Icon.js';
import { JsonEditor } from '../ui/JsonEditor.js';
import type { May } from '../util/may.js';
import { readValue, type VariationType, type WrittenVariation } from '../util/variation-value.js';
import classes from './flag-variation-fields.module.css';

const words = text.variations;

interface Props {
  readonly type: VariationType;
  readonly variations: readonly WrittenVariation[];
  readonly onChange: (variations: WrittenVariation[]) => void;
  /** What the server said, by path: `variations.0.key`. */
  readonly errors: Readonly<Record<string, ReactNode>>;
}

/** The variations of a flag as fields, a value by its type. */
export function FlagVariationFields({ type, variations, onChange, errors }: Props) {
  const change = (at: number, changes: Partial<WrittenVariation>): void =>
    onChange(variations.map((each, index) => (index === at ? { ...each, ...changes } : each)));
  return (
    <Stack gap="xs">
      {variations.map(({ key, value }, at) => (
        // Their places are what tells them apart: keys are being written.
        <div key={at} className={classes['variation']} data-type={type}>
          <TextInput
            label={words.keyOf(at + 1)}
            value={key}
            error={errors[`variations.${at}.key`]}
            onChange={({ currentTarget }) => change(at, { key: currentTarget.value })}
          />
          <ValueField
            type={type}
            label={words.valueOf(at + 1)}
            value={value}
            error={errors[`variations.${at}.value`] ?? errors[`variations.${at}`]}
            onChange={(next) => change(at, { value: next })}
          />
          <ActionIcon
            aria-label={words.remove(key)}
            disabled={variations.length === 1}
            onClick={() => onChange(variations.filter((_each, index) => index !== at))}
          >
            <Icon name="cross" />
          </ActionIcon>
        </div>
      ))}
      <Group>
        <Button
          variant="default"
          leftSection={<Icon name="plus" />}
          onClick={() =>
            onChange([...variations, { key: '', value: type === 'json' ? '{}' : type === 'boolean' ? 'true' : '' }])
          }
        >
          {words.add}
        </Button>
      </Group>
    </Stack>
  );
}

function ValueField(props: {
  readonly type: VariationType;
  readonly label: string;
  readonly value: string;
  readonly error: ReactNode;
  readonly onChange: (value: string) => void;
}) {
  const { type, label, value, error, onChange } = props;
  switch (type) {
    case 'json':
      return (
        <JsonEditor label={label} value={value} onChange={onChange} error={sentence(error) ?? jsonProblem(value)} />
      );
    case 'boolean':
      return (
        <NativeSelect
          label={label}
          value={value}
          data={['true', 'false']}
          error={error}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
      );
    default:
      return (
        <TextInput
          label={label}
          value={value}
          error={error}
          {...(type === 'number' && { inputMode: 'decimal' as const })}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
      );
  }
}

/** Whether all of the values can be read; the first that cannot is told. */
export function mayRead(type: VariationType, variations: readonly WrittenVariation[]): May {
  for (const [at, { value }] of variations.entries()) {
    const read = readValue(type, value);
    if (!read.isRead) return { isAllowed: false, reason: words.notRead(at + 1, read.problem) };
  }
  return { isAllowed: true };
}

/** Variations as they are sent; a text that cannot be read goes as it is, for the server to refuse. */
export function toSent(type: VariationType, variations: readonly WrittenVariation[]) {
  return variations.map(({ key, value }) => {
    const read = readValue(type, value);
    return { key: key.trim(), value: read.isRead ? read.value : value };
  });
}

function jsonProblem(value: string): string | undefined {
  const read = readValue('json', value);
  return read.isRead ? undefined : read.problem;
}

function sentence(error: ReactNode): string | undefined {
  return typeof error === 'string' ? error : undefined;
}
