import { Args, ArgsType, Field, ID, InputType, Int, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { isId } from '../kernel/ids.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { DateTime, enumOf } from '../transport/graphql-scalars.js';
import { type Payload, payloadOf, toPayload } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { withoutNulls } from '../transport/without-nulls.js';
import { TOKEN_KINDS, type TokenKind } from './access-token.js';
import type { IssuedToken } from './token-issuer.service.js';
import { type PlacedToken, TokenPlaces } from './token-places.service.js';
import { TokensService } from './tokens.service.js';

const TokenKindWord = enumOf(TOKEN_KINDS, {
  name: 'TokenKind',
  description: 'admin manages, ci delivers, server and client evaluate in one environment',
});

@ObjectType('Token', { description: 'What a program shows of who it is; never the secret itself' })
class TokenObject {
  @Field(() => ID)
  id!: string;

  @Field(() => TokenKindWord)
  kind!: TokenKind;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true, description: 'Key of its project; null: the whole instance' })
  project!: string | null;

  @Field(() => String, { nullable: true, description: 'Key of its environment; null: every one of its project' })
  environment!: string | null;

  @Field(() => String, { description: 'The last four characters of the token' })
  hint!: string;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true })
  expiresAt!: Date | null;

  @Field(() => DateTime, { nullable: true })
  revokedAt!: Date | null;

  @Field(() => ID, { nullable: true, description: 'The token this one was made to replace' })
  replacesId!: string | null;

  @Field(() => String, { nullable: true, description: 'The person it was made for, as its maker said' })
  owner!: string | null;

  @Field(() => ID, { nullable: true, description: 'The token it was made with, or the person who made it' })
  createdBy!: string | null;
}

@ObjectType('IssuedToken', { description: 'A token just made' })
class IssuedTokenObject {
  @Field(() => TokenObject)
  token!: TokenObject;

  @Field(() => String, { description: 'The token itself, in this answer and nowhere else' })
  secret!: string;
}

@ArgsType()
class TokensArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Only those bound to this project' })
  project?: string | null;
}

@InputType()
class CreateTokenInput {
  @Field(() => TokenKindWord)
  kind!: TokenKind;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true, description: 'Key of the project it is bound to; needed for all but admin' })
  project?: string | null;

  @Field(() => String, { nullable: true, description: 'Key of the environment; needed for server and client' })
  environment?: string | null;

  @Field(() => String, { nullable: true, description: 'The person it is for: their e-mail address' })
  owner?: string | null;

  @Field(() => String, { nullable: true, description: 'RFC 3339; null: it works until it is revoked' })
  expiresAt?: string | null;
}

@InputType()
class RotateTokenInput {
  @Field(() => ID)
  id!: string;

  @Field(() => Int, { nullable: true, description: 'How long the old one works on; null: a day' })
  overlapSeconds?: number | null;
}

@InputType()
class RevokeTokenInput {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { nullable: true, description: 'For people, and for the record' })
  reason?: string | null;
}

const TokenConnection = connectionOf(TokenObject, 'Token');
const TokenPayload = payloadOf(TokenObject, 'Token');
const IssuedTokenPayload = payloadOf(IssuedTokenObject, 'IssuedToken');

@Resolver()
@RequirePermission('token.write')
export class TokensResolver {
  constructor(
    private readonly service: TokensService,
    private readonly places: TokenPlaces,
  ) {}

  @Query(() => TokenConnection, { complexity: 10, description: 'In order of creation' })
  @RequirePermission('token.read')
  async tokens(@Context() ctx: RequestContext, @Args() asked: TokensArgs): Promise<Connection<PlacedToken>> {
    const page = await this.service.list(ctx, pageRequestOf(asked, isId), asked.project ?? undefined);
    return toConnection({ ...page, items: await this.places.of(page.items) }, asked, ({ id }) => id);
  }

  @Query(() => TokenObject, { nullable: true, complexity: 5, description: 'Null, with an error, where there is none' })
  @RequirePermission('token.read')
  async token(@Context() ctx: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<PlacedToken> {
    return this.places.ofOne(await this.service.get(ctx, id));
  }

  @Mutation(() => IssuedTokenPayload, { complexity: 20 })
  createToken(
    @Context() ctx: RequestContext,
    @Args('input') input: CreateTokenInput,
  ): Promise<Payload<IssuedTokenObject>> {
    return toPayload(async () => this.issued(await this.service.create(ctx, withoutNulls(input))));
  }

  @Mutation(() => IssuedTokenPayload, {
    complexity: 20,
    description: 'Makes a token of the same scope; the old one works on for the overlap',
  })
  rotateToken(
    @Context() ctx: RequestContext,
    @Args('input') { id, ...overlap }: RotateTokenInput,
  ): Promise<Payload<IssuedTokenObject>> {
    return toPayload(async () => this.issued(await this.service.rotate(ctx, id, withoutNulls(overlap))));
  }

  @Mutation(() => TokenPayload, { complexity: 20, description: 'It stops working within a second, on streams too' })
  revokeToken(
    @Context() ctx: RequestContext,
    @Args('input') { id, ...why }: RevokeTokenInput,
  ): Promise<Payload<PlacedToken>> {
    return toPayload(async () => this.places.ofOne(await this.service.revoke(ctx, id, withoutNulls(why))));
  }

  private async issued({ token, secret }: IssuedToken): Promise<IssuedTokenObject> {
    return { token: await this.places.ofOne(token), secret };
  }
}
