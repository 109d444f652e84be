import { Field, ObjectType } from '@nestjs/graphql';
import { payloadOf } from './mutation-payload.js';

@ObjectType('Deleted', { description: 'What is gone for good' })
export class DeletedObject {
  @Field(() => String, { description: 'The key, or id, that it had' })
  key!: string;
}

/** What mutations answer that delete something. */
export const DeletedPayload = payloadOf(DeletedObject, 'Deleted');
