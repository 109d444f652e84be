import { Input, Loader } from '@mantine/core';
import { lazy, Suspense } from 'react';

const CodeEditor = lazy(async () => ({ default: (await import('./code/CodeEditor.js')).CodeEditor }));

interface Props {
  readonly label: string;
  readonly value?: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
  readonly description?: string;
}

/** A JSON document as text, with its mistakes marked as it is typed. A field of a form: `form.getInputProps(…)`. */
export function JsonEditor({ label, value = '', onChange, error, description }: Props) {
  return (
    <Input.Wrapper label={label} error={error} description={description} labelElement="div">
      <Suspense fallback={<Loader size="sm" />}>
        <CodeEditor label={label} value={value} onChange={onChange} isWrong={error !== undefined} />
      </Suspense>
    </Input.Wrapper>
  );
}
