export { coversAny } from './guardrail.js';
export { GuardrailsModule } from './guardrails.module.js';
export { GuardrailsReader } from './guardrails-reader.service.js';
