import { Checkbox, Textarea, TextInput } from '@mantine/core';
import type { useForm } from '@mantine/form';
import { webhooks as text } from '../text/webhooks.js';
import { FOCUSED } from '../ui/focused.js';

export interface WebhookValues {
  readonly url: string;
  readonly description: string;
  /** One per line. */
  readonly types: string;
  readonly enabled: boolean;
}

/** As the API takes it. */
export function toWebhookDocument({ types, ...rest }: WebhookValues) {
  const lines = types.split('\n').map((line) => line.trim());
  return { ...rest, types: lines.filter((line) => line !== '') };
}

/** The fields of a webhook, new or not. */
export function WebhookFields({
  inputOf,
}: {
  readonly inputOf: ReturnType<typeof useForm<WebhookValues>>['getInputProps'];
}) {
  const words = text.fields;
  return (
    <>
      <TextInput
        label={words.url}
        description={words.urlHint}
        type="url"
        required
        autoComplete="off"
        {...FOCUSED}
        {...inputOf('url')}
      />
      <TextInput label={words.description} autoComplete="off" {...inputOf('description')} />
      <Textarea
        label={words.types}
        description={words.typesHint}
        placeholder={words.typesPlaceholder}
        spellCheck={false}
        {...inputOf('types')}
      />
      <Checkbox label={words.enabled} {...inputOf('enabled', { type: 'checkbox' })} />
    </>
  );
}
