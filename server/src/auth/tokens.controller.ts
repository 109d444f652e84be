import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { isId } from '../kernel/ids.js';
import { type Page, parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type AccessToken, rotationSchema, TOKEN_KINDS, tokenDraftSchema } from './access-token.js';
import type { IssuedToken } from './token-issuer.service.js';
import { TokensService } from './tokens.service.js';

const tokenSchema = z.object({
  id: z.uuid(),
  kind: z.enum(TOKEN_KINDS),
  name: z.string(),
  projectId: z.uuid().nullable(),
  environmentId: z.uuid().nullable(),
  hint: z.string().describe('The last four characters of the token'),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
  replacesId: z.uuid().nullable(),
  owner: z.string().nullable().describe('The person it was made for, as its maker said'),
  createdBy: z.uuid().nullable().describe('The token it was made with; null: by the server, or before this was kept'),
});
const listed = tokenSchema.meta({ id: 'Token' });
const issued = tokenSchema
  .extend({ secret: z.string().nullable().describe('The token itself, shown this once; null in a replayed answer') })
  .meta({ id: 'IssuedToken' });

type TokenResource = Omit<AccessToken, 'hash'>;
type IssuedTokenResource = TokenResource & { readonly secret: string };

@ApiTags('tokens')
@ApiBearerAuth()
@Controller('api/v1/tokens')
export class TokensController {
  constructor(private readonly tokens: TokensService) {}

  @Get()
  @RequirePermission('token.read')
  @ApiOperation({ summary: 'Lists tokens in order of creation' })
  @ApiOkResponse({ standardSchema: pageOf(listed) })
  async list(
    @Context() ctx: RequestContext,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<Page<TokenResource>> {
    const page = await this.tokens.list(ctx, parsePageRequest(query, isId));
    return { ...page, items: page.items.map(toResource) };
  }

  @Post()
  @RequirePermission('token.write')
  @ApiOperation({ summary: 'Creates a token; its secret is in this answer and nowhere else' })
  @ApiCreatedResponse({ standardSchema: issued })
  async create(
    @Context() ctx: RequestContext,
    @Body({ schema: tokenDraftSchema }) body: unknown,
  ): Promise<IssuedTokenResource> {
    return toIssuedResource(await this.tokens.create(ctx, body));
  }

  @Get(':id')
  @RequirePermission('token.read')
  @ApiOperation({ summary: 'Shows a token' })
  @ApiOkResponse({ standardSchema: listed })
  async get(@Context() ctx: RequestContext, @Param('id') id: string): Promise<TokenResource> {
    return toResource(await this.tokens.get(ctx, id));
  }

  @Post(':id/rotate')
  @RequirePermission('token.write')
  @ApiOperation({
    summary: 'Makes a token of the same scope; the old one works on for the overlap (a day unless said)',
  })
  @ApiCreatedResponse({ standardSchema: issued })
  async rotate(
    @Context() ctx: RequestContext,
    @Param('id') id: string,
    @Body({ schema: rotationSchema }) body: unknown,
  ): Promise<IssuedTokenResource> {
    return toIssuedResource(await this.tokens.rotate(ctx, id, body));
  }

  @Delete(':id')
  @HttpCode(200)
  @RequirePermission('token.write')
  @ApiOperation({ summary: 'Revokes a token; it stops working within a second, on open streams too' })
  @ApiOkResponse({ standardSchema: listed })
  async revoke(@Context() ctx: RequestContext, @Param('id') id: string): Promise<TokenResource> {
    return toResource(await this.tokens.revoke(ctx, id));
  }
}

function toResource({ hash: _hash, ...resource }: AccessToken): TokenResource {
  return resource;
}

function toIssuedResource({ token, secret }: IssuedToken): IssuedTokenResource {
  return { ...toResource(token), secret };
}
