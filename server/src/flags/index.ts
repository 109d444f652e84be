export { FlagsModule } from './flags.module.js';
export { FlagsReader } from './flags-reader.service.js';
