import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { useCommandForm } from '../components/use-command-form.js';
import { guardrails as text } from '../text/guardrails.js';
import { useReadDocument } from '../ui/use-read-document.js';
import type { InProject } from '../util/path-builder.js';
import { valueOf } from '../util/read-document.js';
import { GuardrailDocument, PLACES, type WrittenGuardrail } from './guardrail-document.js';

const createGuardrail = graphql(
  `
    mutation CreateGuardrail($input: CreateGuardrailInput!) {
      createGuardrail(input: $input) {
        node {
          key
          environment
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);

const words = text.form;
const NAMES = ['traffic', 'errors', 'json', 'prometheus'] as const;
type Template = (typeof NAMES)[number];

/** Documents to begin with. */
function templateOf(name: Template, environment: string): string {
  const statements: Readonly<Record<Template, object>> = {
    traffic: { kind: 'measurement', metric: 'unit', what: 'countPerMinute', windowSeconds: 300, atLeast: 30 },
    errors: { kind: 'measurement', metric: 'unit', what: 'badRate', windowSeconds: 300, atMost: 0.02 },
    json: {
      ...{ kind: 'query', query: { kind: 'json', url: 'https://orders.example.com/health', path: '$.perMinute' } },
      ...{ windowSeconds: 60, atLeast: 30 },
    },
    prometheus: {
      kind: 'query',
      query: { kind: 'prometheus', address: 'http://prometheus:9090', query: 'sum(rate(orders_total[{{window}}]))' },
      ...{ windowSeconds: 300, atLeast: 0.5 },
    },
  };
  const document = {
    ...{ key: '', name: '', environment, statement: statements[name] },
    ...{ intervalSeconds: 60, failureLimit: 3, recoveryLimit: 3 },
    onBroken: { alert: true, hold: { covers: 'all' }, kill: null },
  };
  return JSON.stringify(document, null, 2);
}

interface Props {
  readonly at: InProject & { readonly environment: string };
  readonly onDone: (made: { readonly key: string; readonly environment: string }) => void;
  readonly onCancel: () => void;
}

/** Writes a guardrail, beginning with one of its usual kinds. */
export function GuardrailCreate({ at, onDone, onCancel }: Props) {
  const [from, setFrom] = useState<Template>('traffic');
  const read = useReadDocument();
  const of = useCommandForm({
    document: createGuardrail,
    initialValues: { document: templateOf('traffic', at.environment) },
    toVariables: ({ document }: WrittenGuardrail) => ({
      input: { project: at.project, document: valueOf(read(document)) },
    }),
    places: PLACES,
    onDone,
  });
  const beginWith = (name: string): void => {
    const template = NAMES.find((each) => each === name) ?? 'traffic';
    setFrom(template);
    of.form.setFieldValue('document', templateOf(template, at.environment));
  };
  return (
    <GuardrailDocument at={at} of={of} submit={words.create} onCancel={onCancel}>
      <NativeSelect
        label={words.from}
        value={from}
        data={NAMES.map((value) => ({ value, label: words.templates[value] }))}
        onChange={({ currentTarget }) => beginWith(currentTarget.value)}
      />
    </GuardrailDocument>
  );
}
