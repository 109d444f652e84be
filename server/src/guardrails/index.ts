export { coversAny } from './guardrail.js';
export { GuardrailsModule } from './guardrails.module.js';
export { type GuardrailAlarms, GuardrailsReader } from './guardrails-reader.service.js';
