import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RequestContext } from '../kernel/request-context.js';
import { HttpConfig } from '../platform/config/http.js';
import { OidcConfig } from '../platform/config/oidc.js';
import { Context } from '../transport/request-context.decorator.js';
import { AnyCaller, Public } from '../transport/require-permission.decorator.js';
import { refuseCrossSite } from './cross-site.js';
import { FirstStart } from './first-start.service.js';
import { Passwords } from './passwords.service.js';
import { firstPersonSchema, passwordChangeSchema, passwordChoiceSchema, signInSchema } from './person.js';
import {
  cookieRequestOf,
  credentialsOf,
  originOf,
  refuseForeignPage,
  sentBy,
  sessionSecretOf,
} from './request-credentials.provider.js';
import { lifeSecondsOf } from './session.js';
import { cookieFor, cookiesWithout, SESSION } from './session-cookie.js';
import type { NewSession } from './sessions.service.js';
import { SignIn } from './sign-in.service.js';
import { type Viewer, ViewerService } from './viewer.service.js';

const sessionResource = z
  .object({
    viewer: z
      .object({ kind: z.enum(['token', 'person']), id: z.uuid(), name: z.string(), email: z.string().nullable() })
      .nullable()
      .describe('Null: nobody is signed in'),
    isFirstStart: z
      .boolean()
      .describe('Whether nobody can sign in yet, so that an admin token lets the first person in'),
    expiresAt: z.iso.datetime().nullable().describe('When the session ends, however busy it is'),
    oidc: z
      .object({ name: z.string().describe('What people call it') })
      .nullable()
      .describe('The OpenID provider that people may sign in with; null: none'),
  })
  .meta({ id: 'SessionState' });

/** Who is signed in, as the page of a browser needs to know. */
interface SessionResource {
  readonly viewer: Viewer | null;
  readonly isFirstStart: boolean;
  readonly expiresAt: Date | null;
  readonly oidc: { readonly name: string } | null;
}

@ApiTags('session')
@Controller('api/v1/session')
export class SessionController {
  constructor(
    private readonly signIns: SignIn,
    private readonly firstStart: FirstStart,
    private readonly passwords: Passwords,
    private readonly viewers: ViewerService,
    private readonly http: HttpConfig,
    private readonly oidc: OidcConfig,
  ) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'Tells who is signed in, also where nobody is' })
  @ApiOkResponse({ standardSchema: sessionResource })
  async get(@Req() request: FastifyRequest): Promise<SessionResource> {
    const secret = sessionSecretOf(request, this.http.publicUrl);
    const { viewer, expiresAt } = await this.viewers.recognize(credentialsOf(request), secret);
    const isFirstStart = viewer?.kind !== 'person' && (await this.firstStart.isPending());
    return { viewer, expiresAt, isFirstStart, oidc: this.oidcOf() };
  }

  @Post()
  @Public()
  @ApiOperation({ summary: 'Signs in by e-mail address and password; the answer sets a cookie' })
  @ApiCreatedResponse({ standardSchema: sessionResource })
  async signIn(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body({ schema: signInSchema }) body: unknown,
  ): Promise<SessionResource> {
    refuseForeignPage(request, this.http.publicUrl);
    return this.welcome(request, reply, await this.signIns.signIn(originOf(request), request.ip, body));
  }

  @Post('first')
  @Public()
  @ApiOperation({ summary: 'Makes the first person, admin of the instance, by an admin token, and signs them in' })
  @ApiCreatedResponse({ standardSchema: sessionResource })
  async signInFirst(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body({ schema: firstPersonSchema }) body: unknown,
  ): Promise<SessionResource> {
    refuseForeignPage(request, this.http.publicUrl);
    return this.welcome(request, reply, await this.firstStart.begin(originOf(request), request.ip, body));
  }

  @Post('invitation')
  @Public()
  @ApiOperation({ summary: 'Chooses a password by the one-time secret of an invitation, and signs in' })
  @ApiCreatedResponse({ standardSchema: sessionResource })
  async signInInvited(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body({ schema: passwordChoiceSchema }) body: unknown,
  ): Promise<SessionResource> {
    refuseForeignPage(request, this.http.publicUrl);
    return this.welcome(request, reply, await this.passwords.choose(originOf(request), body));
  }

  @Post('password')
  @HttpCode(204)
  @AnyCaller()
  @ApiOperation({ summary: 'Changes the password of who is signed in; their other sessions end' })
  @ApiNoContentResponse()
  async changePassword(
    @Context() ctx: RequestContext,
    @Body({ schema: passwordChangeSchema }) body: unknown,
  ): Promise<void> {
    await this.passwords.change(ctx, body);
  }

  @Delete()
  @HttpCode(204)
  @Public()
  @ApiOperation({ summary: 'Signs out; also where nobody is signed in' })
  @ApiNoContentResponse()
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const secret = sessionSecretOf(request, this.http.publicUrl);
    if (secret !== undefined) {
      refuseCrossSite(sentBy(request, this.http.publicUrl));
      await this.signIns.signOut(originOf(request), secret);
    }
    void reply.header('set-cookie', [...cookiesWithout(SESSION)]);
  }

  @Delete('all')
  @HttpCode(204)
  @AnyCaller()
  @ApiOperation({ summary: 'Ends every session of who is signed in, this one too' })
  @ApiNoContentResponse()
  async signOutEverywhere(
    @Context() ctx: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.passwords.signOutEverywhere(ctx);
    void reply.header('set-cookie', [...cookiesWithout(SESSION)]);
  }

  private oidcOf(): SessionResource['oidc'] {
    const { provider } = this.oidc;
    return provider === undefined ? null : { name: provider.name };
  }

  private welcome(
    request: FastifyRequest,
    reply: FastifyReply,
    { session, secret, person }: NewSession,
  ): SessionResource {
    const life = { secret, maxAgeSeconds: lifeSecondsOf(session) };
    void reply.header('set-cookie', cookieFor(SESSION, life, cookieRequestOf(request, this.http.publicUrl)));
    const { id, name, email } = person;
    const viewer = { kind: 'person', id, name, email } as const;
    return { viewer, isFirstStart: false, expiresAt: session.endsAt, oidc: this.oidcOf() };
  }
}
