import { Button, Group, Text, Title } from '@mantine/core';
import { useId, useState } from 'react';
import { Banner } from '../../../components/Banner.js';
import type { Failure } from '../../../api/failure.js';
import type { Json } from '../../../api/graphql.js';
import { serving } from '../../../text/serving.js';
import { JsonEditor } from '../../../ui/JsonEditor.js';
import { ExplanationView } from './ExplanationView.js';
import classes from './Serving.module.css';
import { exampleContexts, type ServingContent } from './serving-content.js';
import { rememberContext, testedContexts } from './tested-contexts.js';
import type { Answer } from './use-explanation.js';

interface Props {
  readonly content: ServingContent;
  readonly isDraft: boolean;
  readonly answer: Answer;
  readonly context: string;
  readonly onContext: (text: string) => void;
}

const text = serving.tester;

/** Tries a context: what it is served, and why, step by step; also of edits that are not stored. */
export function Tester({ content, isDraft, answer, context, onContext }: Props) {
  const id = useId();
  const [recent, setRecent] = useState(testedContexts);
  const use = (next: string): void => {
    onContext(next);
    setRecent(rememberContext(next));
  };
  const isWrong = readContext(context) === null;
  return (
    <section className={classes['tester']} aria-labelledby={id}>
      <Title order={2} size="h4" id={id}>
        {text.title}
      </Title>
      <Text size="sm" c="dimmed">
        {text.text(isDraft)}
      </Text>
      <div onBlur={() => !isWrong && setRecent(rememberContext(context))}>
        <JsonEditor
          label={text.context}
          value={context}
          onChange={onContext}
          error={isWrong ? text.notJson : undefined}
        />
      </div>
      <Group gap={4} role="group" aria-label={text.examples}>
        {exampleContexts(content)
          .slice(0, 6)
          .map((example) => (
            <Button key={example.name} variant="default" size="compact-xs" onClick={() => use(write(example.context))}>
              {example.name}
            </Button>
          ))}
      </Group>
      {recent.filter((each) => each !== context).length > 0 && (
        <Group gap={4} role="group" aria-label={text.recent}>
          {recent
            .filter((each) => each !== context)
            .slice(0, 3)
            .map((each) => (
              <Button key={each} variant="subtle" size="compact-xs" maw="100%" onClick={() => use(each)}>
                {each.replaceAll(/\s+/gu, ' ')}
              </Button>
            ))}
        </Group>
      )}
      <Banner problems={complaintsOf(answer)} />
      {answer.explanation !== undefined && answer.failure === undefined && (
        <ExplanationView explanation={answer.explanation} content={content} />
      )}
    </section>
  );
}

/** What is wrong with the edits stands in place of an answer, piece by piece. */
function complaintsOf({ failure }: Answer): readonly Pick<Failure, 'code' | 'message'>[] {
  if (failure === undefined) return [];
  return failure.problems.length > 0 ? failure.problems : [failure];
}

export function write(context: object): string {
  return JSON.stringify(context, null, 2);
}

/** The context that a text is; null where it is no JSON object. */
export function readContext(typed: string): { readonly [name: string]: Json } | null {
  try {
    const context: unknown = JSON.parse(typed);
    const isObject = typeof context === 'object' && context !== null && !Array.isArray(context);
    return isObject ? (context as { readonly [name: string]: Json }) : null; // what JSON has
  } catch {
    return null;
  }
}
