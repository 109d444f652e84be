import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ProjectsModule } from '../projects/index.js';
import { AuthGuard } from './auth.guard.js';
import { Authenticator } from './authenticator.service.js';
import { BootstrapToken } from './bootstrap-token.service.js';
import { RequestAdmission } from './request-admission.provider.js';
import { TokenDirectory } from './token-directory.service.js';
import { TokenIssuer } from './token-issuer.service.js';
import { TokenKinship } from './token-kinship.service.js';
import { TokensController } from './tokens.controller.js';
import { TokensRepository } from './tokens.repository.js';
import { TokensService } from './tokens.service.js';

@Module({
  imports: [ProjectsModule],
  controllers: [TokensController],
  providers: [
    TokensService,
    TokensRepository,
    TokenIssuer,
    TokenDirectory,
    TokenKinship,
    Authenticator,
    BootstrapToken,
    RequestAdmission,
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [Authenticator, RequestAdmission, TokenDirectory, TokenKinship, BootstrapToken],
})
export class AuthModule {}
