/** Fills in `${NAME}` as the image of nginx does: names it was given no value for stay as they are. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\$\{(\w+)\}/gu, (place, name: string) => values[name] ?? place);
}
