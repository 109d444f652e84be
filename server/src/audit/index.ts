export { AuditModule } from './audit.module.js';
export { type AuditRecord, AuditService } from './audit.service.js';
