export { AUDIT_RECORDED, type AuditRecorded } from './audit-recorded.js';
export { type AuditEntry, isSequence } from './audit-entry.js';
export { AuditModule } from './audit.module.js';
export { AuditActorObject, AuditArgs, AuditEntryConnection, toAuditConnection } from './audit.resolver.js';
export { AuditService } from './audit.service.js';
export { walkChain } from './walk-chain.service.js';
