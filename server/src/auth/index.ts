export type { AccessToken } from './access-token.js';
export { AuthModule } from './auth.module.js';
export { Authenticator } from './authenticator.service.js';
export { BootstrapToken } from './bootstrap-token.service.js';
export { RequestAdmission } from './request-admission.provider.js';
export { credentialsOf } from './request-credentials.provider.js';
export { TokenDirectory } from './token-directory.service.js';
export { TokenKinship } from './token-kinship.service.js';
