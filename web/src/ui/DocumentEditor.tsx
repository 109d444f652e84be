import { Input, Loader } from '@mantine/core';
import { lazy, Suspense } from 'react';

const YamlEditor = lazy(async () => ({ default: (await import('./code/YamlEditor.js')).YamlEditor }));

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
  readonly description: string;
}

/** A document of the API as text of JSON or YAML, with its mistakes marked as it is typed. */
export function DocumentEditor({ label, value, onChange, error, description }: Props) {
  return (
    <Input.Wrapper label={label} error={error} description={description} labelElement="div">
      <Suspense fallback={<Loader size="sm" />}>
        <YamlEditor label={label} value={value} onChange={onChange} isWrong={error !== undefined} />
      </Suspense>
    </Input.Wrapper>
  );
}
