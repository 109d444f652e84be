export { BackupsModule } from './backups.module.js';
export { backUpStore, restoreStore } from './store-commands.adapter.js';
export type { BackupSummary } from './backups.service.js';
