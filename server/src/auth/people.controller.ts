import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { isId } from '../kernel/ids.js';
import { type Page, parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type InvitedPerson, PeopleService } from './people.service.js';
import { grantSchema, invitationSchema, PERSON_STATUSES } from './person.js';
import type { PersonView } from './person-views.service.js';
import { ROLES } from './role.js';
import { RoleGrants } from './role-grants.service.js';

const personSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  status: z.enum(PERSON_STATUSES).describe('`invited` until they can sign in'),
  createdAt: z.iso.datetime(),
  caution: z.string().nullable().describe('Whom else the account may be of, in a sentence; null: nobody'),
  roles: z.array(
    z.object({
      id: z.uuid(),
      role: z.enum(ROLES),
      project: z.string().nullable().describe('Key of the project; null: the whole instance'),
      environment: z.string().nullable().describe('Key of the environment; null: all of the project'),
      grantedAt: z.iso.datetime(),
    }),
  ),
});
const personResource = personSchema.meta({ id: 'Person' });
const invited = personSchema
  .extend({
    secret: z.string().nullable().describe('Lets the person choose a password, once; null in a replayed answer'),
    secretExpiresAt: z.iso.datetime(),
  })
  .meta({ id: 'InvitedPerson' });

const listQuery = pageQuery.extend({ project: z.string().optional().describe('Only who has a role there') });

type InvitedResource = PersonView & Omit<InvitedPerson, 'person'>;

@ApiTags('people')
@ApiBearerAuth()
@Controller('api/v1/people')
export class PeopleController {
  constructor(
    private readonly people: PeopleService,
    private readonly roles: RoleGrants,
  ) {}

  @Get()
  @RequirePermission('person.read')
  @ApiOperation({ summary: 'Lists people in order of creation' })
  @ApiOkResponse({ standardSchema: pageOf(personResource) })
  list(
    @Context() ctx: RequestContext,
    @Query({ schema: listQuery }) query: z.infer<typeof listQuery>,
  ): Promise<Page<PersonView>> {
    return this.people.list(ctx, parsePageRequest(query, isId), query.project);
  }

  @Post()
  @RequirePermission('person.write')
  @ApiOperation({ summary: 'Invites a person, with a first role where one is named; the secret is shown this once' })
  @ApiCreatedResponse({ standardSchema: invited })
  async invite(
    @Context() ctx: RequestContext,
    @Body({ schema: invitationSchema }) body: unknown,
  ): Promise<InvitedResource> {
    return toInvited(await this.people.invite(ctx, body));
  }

  @Get(':person')
  @RequirePermission('person.read')
  @ApiOperation({ summary: 'Shows a person' })
  @ApiOkResponse({ standardSchema: personResource })
  get(@Context() ctx: RequestContext, @Param('person') id: string): Promise<PersonView> {
    return this.people.get(ctx, id);
  }

  @Post(':person/invitation')
  @RequirePermission('person.write')
  @ApiOperation({ summary: 'Takes a password and all sessions away; by the secret another password is chosen' })
  @ApiCreatedResponse({ standardSchema: invited })
  async resetPassword(@Context() ctx: RequestContext, @Param('person') id: string): Promise<InvitedResource> {
    return toInvited(await this.people.resetPassword(ctx, id));
  }

  @Post(':person/disable')
  @HttpCode(200)
  @RequirePermission('person.write')
  @ApiOperation({ summary: 'Shuts a person out at once' })
  @ApiOkResponse({ standardSchema: personResource })
  disable(@Context() ctx: RequestContext, @Param('person') id: string): Promise<PersonView> {
    return this.people.disable(ctx, id);
  }

  @Post(':person/enable')
  @HttpCode(200)
  @RequirePermission('person.write')
  @ApiOperation({ summary: 'Lets a person in again' })
  @ApiOkResponse({ standardSchema: personResource })
  enable(@Context() ctx: RequestContext, @Param('person') id: string): Promise<PersonView> {
    return this.people.enable(ctx, id);
  }

  @Post(':person/roles')
  @HttpCode(200)
  @RequirePermission('person.write')
  @ApiOperation({ summary: 'Gives a person, by id or e-mail address, a role; they have it at once' })
  @ApiOkResponse({ standardSchema: personResource })
  grant(
    @Context() ctx: RequestContext,
    @Param('person') person: string,
    @Body({ schema: grantSchema }) body: unknown,
  ): Promise<PersonView> {
    return this.roles.grant(ctx, person, body);
  }

  @Delete(':person/roles/:role')
  @HttpCode(200)
  @RequirePermission('person.write')
  @ApiOperation({ summary: 'Takes a role, by the id it was given under; it is gone at once, on open streams too' })
  @ApiOkResponse({ standardSchema: personResource })
  take(
    @Context() ctx: RequestContext,
    @Param('person') person: string,
    @Param('role') role: string,
  ): Promise<PersonView> {
    return this.roles.take(ctx, person, role);
  }
}

function toInvited({ person, ...secret }: InvitedPerson): InvitedResource {
  return { ...person, ...secret };
}
