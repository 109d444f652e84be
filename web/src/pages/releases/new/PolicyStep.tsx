import { Alert, Radio, Stack, Text, TextInput, Title } from '@mantine/core';
import { PolicySteps } from '../../../components/PolicySteps.js';
import { policyStep as text } from '../../../text/new-release.js';
import { formatDuration } from '../../../util/moment.js';
import { readParameters, readPolicy, sharesLine } from '../../../util/policy-document.js';
import { toArguments } from '../../../util/release-draft.js';
import type { ReleaseProblems } from '../../../util/release-problems.js';
import classes from './NewReleasePage.module.css';
import type { Choices } from './release-queries.js';
import type { WrittenRelease } from './use-release-draft.js';

interface Props {
  readonly choices: Choices;
  readonly written: WrittenRelease;
  readonly problems: ReleaseProblems;
}

/** Chooses the policy, and fills in what it leaves open. */
export function PolicyStep({ choices, written: { draft, change }, problems: { fields } }: Props) {
  const own = (choices.policies?.edges ?? []).map(({ node }) => node);
  const presets = choices.policyPresets
    .filter(({ key }) => own.every((each) => each.key !== key))
    .map((preset) => ({ ...preset, parameters: [], version: 0 }));
  const chosen = [...own, ...presets].find(({ key }) => key === draft.policy);
  const parameters = readParameters(chosen?.parameters);
  return (
    <Stack gap="sm">
      <Title order={2}>{text.title}</Title>
      <Radio.Group
        aria-label={text.policies}
        value={draft.policy}
        onChange={(policy) => change({ policy, arguments: {} })}
        error={fields['policy']}
      >
        <Stack gap="md">
          {own.length > 0 && <Options title={text.own} policies={own} />}
          <Options title={text.presets} policies={presets} />
        </Stack>
      </Radio.Group>
      {chosen === undefined && <Alert color="red">{text.missing(draft.policy)}</Alert>}
      {parameters.length > 0 && (
        <fieldset className={classes['change']}>
          <legend>{text.arguments}</legend>
          {fields['arguments'] !== undefined && <Text c="var(--mantine-color-error)">{fields['arguments']}</Text>}
          <div className={classes['fields']}>
            {parameters.map(({ name, default: value }) => (
              <TextInput
                key={name}
                label={name}
                description={text.argumentHint(JSON.stringify(value))}
                value={draft.arguments[name] ?? ''}
                error={fields[`arguments.${name}`]}
                onChange={({ currentTarget }) =>
                  change({ arguments: { ...draft.arguments, [name]: currentTarget.value } })
                }
              />
            ))}
          </div>
        </fieldset>
      )}
      {chosen !== undefined && (
        <PolicySteps policy={readPolicy(chosen.document, chosen.parameters, toArguments(draft))} />
      )}
    </Stack>
  );
}

function Options(props: {
  readonly title: string;
  readonly policies: readonly (Pick<Choices['policyPresets'][number], 'key' | 'name' | 'description' | 'document'> & {
    readonly parameters: unknown;
  })[];
}) {
  return (
    <Stack gap={6}>
      <Title order={3}>{props.title}</Title>
      {props.policies.map(({ key, name, description, document, parameters }) => {
        const read = readPolicy(document, parameters);
        const least = read.leastSecondsToFull;
        return (
          <Radio
            key={key}
            value={key}
            label={`${name} (${key})`}
            description={[
              sharesLine(read),
              least === 0 ? text.atOnce : text.least(formatDuration(least * 1_000)),
              description,
            ]
              .filter((part) => part !== '')
              .join(' · ')}
          />
        );
      })}
    </Stack>
  );
}
