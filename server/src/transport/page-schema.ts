import { z } from 'zod';

/** The query of every list: how many, and after which cursor. */
export const pageQuery = z.strictObject({
  limit: z.string().optional().describe('1 to 200; 50 when absent'),
  after: z.string().optional().describe('nextCursor of the page before'),
});

/** The shape of one page of a list. */
export function pageOf<T extends z.ZodType>(
  item: T,
): z.ZodObject<{ items: z.ZodArray<T>; nextCursor: z.ZodNullable<z.ZodString> }> {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
