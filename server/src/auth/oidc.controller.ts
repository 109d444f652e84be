import { Body, Controller, Get, HttpCode, Logger, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SluiceError } from '../kernel/errors.js';
import { HttpConfig } from '../platform/config/http.js';
import { Public } from '../transport/require-permission.decorator.js';
import { oidcBeginSchema, type SignInAttempt } from './oidc-sign-in.js';
import { ATTEMPT_SECONDS, OidcSignIn } from './oidc-sign-in.service.js';
import { cookieRequestOf, originOf, refuseForeignPage } from './request-credentials.provider.js';
import { attemptOf, attemptsGivingWay, cookieFor, cookiesWithout, secretIn, SESSION } from './session-cookie.js';
import { lifeSecondsOf } from './session.js';

const beginning = z
  .object({ url: z.url().describe('The page of the provider to go to') })
  .meta({ id: 'OidcBeginning' });

@ApiTags('session')
@Controller('api/v1/session/oidc')
export class OidcController {
  private readonly logger = new Logger(OidcController.name);

  constructor(
    private readonly signIns: OidcSignIn,
    private readonly http: HttpConfig,
  ) {}

  @Post()
  @Public()
  @ApiOperation({ summary: 'Begins to sign in with the OpenID provider; the answer says where, and sets a cookie' })
  @ApiCreatedResponse({ standardSchema: beginning })
  async begin(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body({ schema: oidcBeginSchema }) body: unknown,
  ): Promise<z.infer<typeof beginning>> {
    refuseForeignPage(request, this.http.publicUrl);
    const { url, state, secret } = await this.signIns.begin(request.ip, body);
    const life = { secret, maxAgeSeconds: ATTEMPT_SECONDS };
    void reply.header('set-cookie', [
      ...attemptsGivingWay(request.headers.cookie).flatMap(cookiesWithout),
      cookieFor(attemptOf(state), life, this.cookieRequest(request)),
    ]);
    return { url };
  }

  @Get('callback')
  @HttpCode(303)
  @Public()
  @ApiOperation({
    summary: 'Where the OpenID provider sends browsers back to',
    description: 'Goes on to where the sign-in was to lead, or to /sign-in?failure=… with the code of what went wrong.',
  })
  @ApiResponse({ status: 303, description: 'On to a page' })
  async comeBack(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const { search: query, searchParams } = new URL(request.url, 'http://localhost');
    const attempt = await this.attemptOf(request, searchParams);
    const target = attempt?.target ?? '/';
    const cookies = attempt === undefined ? [] : [...cookiesWithout(attemptOf(attempt.state))];
    void reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
    try {
      const { session, secret } = await this.signIns.finish(originOf(request), { address: request.ip, query }, attempt);
      cookies.push(cookieFor(SESSION, { secret, maxAgeSeconds: lifeSecondsOf(session) }, this.cookieRequest(request)));
      void reply.header('location', this.urlOf(target));
    } catch (error) {
      const failure = this.codeOf(error);
      void reply.header('location', this.urlOf(`/sign-in?${String(new URLSearchParams({ failure, to: target }))}`));
    }
    void reply.header('set-cookie', cookies);
  }

  /** The attempt whose state the provider sent back, where this browser began it. */
  private async attemptOf({ headers }: FastifyRequest, answer: URLSearchParams): Promise<SignInAttempt | undefined> {
    const [state = '', ...others] = answer.getAll('state');
    const secret = others.length > 0 ? undefined : secretIn(attemptOf(state), headers.cookie, this.http.publicUrl);
    return secret === undefined ? undefined : this.signIns.take(state, secret);
  }

  private codeOf(error: unknown): string {
    const code = error instanceof SluiceError ? error.code : 'INTERNAL';
    if (code === 'INTERNAL') this.logger.error({ err: error }, 'A sign-in by OIDC failed');
    else this.logger.log({ code }, 'A sign-in by OIDC was refused');
    return code;
  }

  /** Absolute: of a path alone, one that begins with two slashes would lead elsewhere. */
  private urlOf(path: string): string {
    return this.http.publicUrl === undefined ? path : new URL(path, this.http.publicUrl).href;
  }

  private cookieRequest(request: FastifyRequest): ReturnType<typeof cookieRequestOf> {
    return cookieRequestOf(request, this.http.publicUrl);
  }
}
