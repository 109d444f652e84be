import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';

type OfrepSchema =
  | 'serverEvaluationSuccess'
  | 'evaluationFailure'
  | 'flagNotFound'
  | 'bulkEvaluationSuccess'
  | 'bulkEvaluationFailure'
  | 'generalErrorResponse'
  | 'sseEventData';

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(published(), 'ofrep');

/** What is wrong with a body, by OFREP's own schema; nothing for a valid one. */
export function objectionsTo(body: unknown, schema: OfrepSchema): readonly string[] {
  const validate = ajv.compile({ $ref: `ofrep#/components/schemas/${schema}` });
  validate(body);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

/**
 * The published schema cannot be used as it is: its oneOf has a branch that matches everything, so that every answer
 * with a value is invalid; its reasons lack DEFAULT, which OFREP's own decisions use.
 */
function published(): object {
  const text = readFileSync(new URL('../e2e/ofrep/openapi.yaml', import.meta.url), 'utf8');
  // The file is beside us and has these parts.
  const document = parse(text) as {
    components: {
      schemas: {
        evaluationSuccess: { allOf: [{ properties: { reason: { enum?: unknown } } }, Alternatives] };
        bulkEvaluationSuccess: { properties: { flags: { items: Alternatives } } };
      };
    };
  };
  const { evaluationSuccess, bulkEvaluationSuccess } = document.components.schemas;
  delete evaluationSuccess.allOf[0].properties.reason.enum;
  toAnyOf(evaluationSuccess.allOf[1]);
  toAnyOf(bulkEvaluationSuccess.properties.flags.items);
  return document;
}

interface Alternatives {
  oneOf?: unknown;
  anyOf?: unknown;
}

function toAnyOf(schema: Alternatives): void {
  Object.assign(schema, { anyOf: schema.oneOf });
  delete schema.oneOf;
}
