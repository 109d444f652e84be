import { Field, ObjectType } from '@nestjs/graphql';

/** Whether who asks may do something now, and the sentence that says why not. */
@ObjectType('Ability', { description: 'Whether the viewer may do something now, and if not, why' })
export class AbilityObject {
  @Field(() => String, { description: 'What may be done: a verb of the object, or a permission such as flag.write' })
  action!: string;

  @Field(() => Boolean)
  isAllowed!: boolean;

  @Field(() => String, { nullable: true, description: 'Why not, as a sentence for a person; null where it is allowed' })
  reason!: string | null;
}
