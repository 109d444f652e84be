import { Autocomplete, NativeSelect, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from 'urql';
import { graphql } from '../../../api/graphql.js';
import { liveQuery } from '../../../api/live-query.js';
import { changesStep } from '../../../text/new-release.js';
import type { InProject } from '../../../util/path-builder.js';
import type { WrittenFlagChange } from '../../../util/release-draft.js';
import { describeServe } from '../../../util/serve.js';
import classes from './NewReleasePage.module.css';

const text = changesStep.flag;
const TYPING_MS = 150;
const MOST_FOUND = 20;

const flagsFound = liveQuery(
  graphql(`
    query FlagsToRelease($project: String!, $search: String) {
      project(key: $project) {
        flags(first: 20, search: $search) {
          edges {
            node {
              key
            }
          }
        }
      }
    }
  `),
  ['flag'],
);

const flagToRelease = liveQuery(
  graphql(`
    query FlagToRelease($project: String!, $flag: String!, $environment: String!) {
      project(key: $project) {
        flag(key: $flag) {
          variations {
            key
          }
          settings(environment: $environment) {
            on
            defaultServe
            rules
            hold {
              sentence
            }
          }
        }
      }
    }
  `),
  ['flag', 'flagSettings', 'release', 'rollout'],
);

interface Props {
  readonly at: InProject & { readonly environment: string };
  readonly change: WrittenFlagChange;
  readonly say: (changes: Partial<WrittenFlagChange>) => void;
  readonly errorOf: (field: string) => string | undefined;
}

/** A flag: the variation that is ramped, and what is changed at once. */
export function FlagChangeFields({ at: { project, environment }, change, say, errorOf }: Props) {
  const [typed] = useDebouncedValue(change.flag.trim(), TYPING_MS);
  const [{ data: list }] = useQuery({
    query: flagsFound.document,
    variables: { project, search: typed === '' ? null : typed },
    context: flagsFound.context,
  });
  const found = (list?.project?.flags?.edges ?? []).map(({ node }) => node.key);
  const [{ data }] = useQuery({
    query: flagToRelease.document,
    variables: { project, flag: typed, environment },
    context: flagToRelease.context,
    // A part of a key is none, and asking for it is a refusal.
    pause: !found.includes(typed),
  });
  const flag = found.includes(typed) ? data?.project?.flag : undefined;
  const variations = flag?.variations.map(({ key }) => key) ?? [];
  const rules = readRules(flag?.settings?.rules);
  const choose = (absent: string, chosen: string) => [
    { value: '', label: absent },
    // What was chosen stays chosen while the flag is not known.
    ...[...new Set([...variations, chosen])].filter((key) => key !== ''),
  ];
  const field = (name: keyof WrittenFlagChange) => ({
    value: change[name],
    error: errorOf(name),
    onChange: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) =>
      say({ [name]: currentTarget.value }),
  });
  const settings = flag?.settings;
  const isSplit = change.serve !== '' && change.share.trim() !== '';
  return (
    <>
      <div className={classes['fields']}>
        <Autocomplete
          label={text.flag}
          description={text.flagHint}
          data={found}
          filter={({ options }) => options}
          limit={MOST_FOUND}
          spellCheck={false}
          value={change.flag}
          error={errorOf('flag')}
          onChange={(flag) => say({ flag })}
        />
        <NativeSelect
          label={text.variation}
          description={text.variationHint}
          data={choose(text.noVariation, change.variation)}
          {...field('variation')}
        />
        {change.variation !== '' && rules.length > 0 && (
          <NativeSelect
            label={text.rule}
            data={[
              { value: '', label: text.defaultServe },
              ...rules.map(({ id, description }, index) => ({
                value: id,
                label: text.ruleOf(index + 1, description),
              })),
            ]}
            {...field('rule')}
          />
        )}
      </div>
      {settings && (
        <Text size="sm" c="dimmed">
          {text.now(settings.on, describeServe(settings.defaultServe))} {settings.hold?.sentence}
        </Text>
      )}
      <details open={[change.on, change.serve, change.bucketBy, change.retireAfterDays].some((each) => each !== '')}>
        <summary>{text.more}</summary>
        <div className={classes['fields']}>
          <NativeSelect
            label={text.on}
            data={(['', 'on', 'off'] as const).map((value) => ({ value, label: text.ons[value] }))}
            value={change.on}
            error={errorOf('on')}
            onChange={({ currentTarget: { value } }) => say({ on: value === 'on' || value === 'off' ? value : '' })}
          />
          <NativeSelect label={text.serve} data={choose(text.leave, change.serve)} {...field('serve')} />
          {change.serve !== '' && (
            <TextInput label={text.share} description={text.shareHint} inputMode="decimal" {...field('share')} />
          )}
          {isSplit && <NativeSelect label={text.rest} data={choose(text.choose, change.rest)} {...field('rest')} />}
          {change.variation !== '' && (
            <TextInput label={text.bucketBy} description={text.bucketByHint} {...field('bucketBy')} />
          )}
          <TextInput
            label={text.retire}
            description={text.retireHint}
            inputMode="numeric"
            {...field('retireAfterDays')}
          />
        </div>
      </details>
    </>
  );
}

function readRules(rules: unknown): readonly { readonly id: string; readonly description: string }[] {
  // As FlagSettings of OpenAPI has them: each has an id.
  const list = Array.isArray(rules) ? (rules as readonly { readonly id: string; readonly description?: string }[]) : [];
  return list.map(({ id, description = '' }) => ({ id, description }));
}
