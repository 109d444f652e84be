/** A text without wildcards: Prisma hands what `contains` and `startsWith` are given to LIKE as it is. */
export function literally(text: string): string {
  return text.replaceAll(/[\\%_]/gu, '\\$&');
}
