import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ProjectsModule } from '../projects/index.js';
import { ActorNames } from './actor-names.service.js';
import { AuthGuard } from './auth.guard.js';
import { Authenticator } from './authenticator.service.js';
import { BootstrapToken } from './bootstrap-token.service.js';
import { CallerDoor } from './caller-door.provider.js';
import { CallerWatch } from './caller-watch.service.js';
import { FirstStart } from './first-start.service.js';
import { OidcController } from './oidc.controller.js';
import { OidcProvider } from './oidc-provider.adapter.js';
import { OidcSignIn } from './oidc-sign-in.service.js';
import { PasswordHasher } from './password-hasher.service.js';
import { Passwords } from './passwords.service.js';
import { PeopleController } from './people.controller.js';
import { PeopleRepository } from './people.repository.js';
import { PeopleResolver } from './people.resolver.js';
import { PeopleService } from './people.service.js';
import { PersonRecords } from './person-records.service.js';
import { PersonViews } from './person-views.service.js';
import { RequestAdmission } from './request-admission.provider.js';
import { RoleGrants } from './role-grants.service.js';
import { RolePlaces } from './role-places.service.js';
import { SessionController } from './session.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { Sessions } from './sessions.service.js';
import { SignInAttemptsRepository } from './sign-in-attempts.repository.js';
import { SignInLimits } from './sign-in-limits.service.js';
import { SignIn } from './sign-in.service.js';
import { TokenDirectory } from './token-directory.service.js';
import { TokenIssuer } from './token-issuer.service.js';
import { TokenKinship } from './token-kinship.service.js';
import { TokenPlaces } from './token-places.service.js';
import { TokensController } from './tokens.controller.js';
import { TokensRepository } from './tokens.repository.js';
import { TokensResolver } from './tokens.resolver.js';
import { TokensService } from './tokens.service.js';
import { ViewerResolver } from './viewer.resolver.js';
import { ViewerService } from './viewer.service.js';
import { VouchedPeople } from './vouched-people.service.js';

const tokens = [
  TokensService,
  TokensRepository,
  TokensResolver,
  TokenPlaces,
  TokenIssuer,
  TokenDirectory,
  BootstrapToken,
];
const people = [PeopleService, PeopleRepository, PeopleResolver, PersonRecords, PersonViews, RoleGrants, RolePlaces];
const signingIn = [SignIn, SignInLimits, FirstStart, Passwords, PasswordHasher, Sessions, SessionsRepository];
const oidc = [OidcSignIn, OidcProvider, SignInAttemptsRepository, VouchedPeople];
const callers = [
  Authenticator,
  RequestAdmission,
  CallerWatch,
  CallerDoor,
  TokenKinship,
  ActorNames,
  ViewerService,
  ViewerResolver,
];

@Module({
  imports: [ProjectsModule],
  controllers: [TokensController, PeopleController, SessionController, OidcController],
  providers: [...tokens, ...people, ...signingIn, ...oidc, ...callers, { provide: APP_GUARD, useClass: AuthGuard }],
  exports: [
    Authenticator,
    RequestAdmission,
    TokenDirectory,
    TokenKinship,
    ActorNames,
    BootstrapToken,
    CallerWatch,
    CallerDoor,
  ],
})
export class AuthModule {}
