/**
 * What the page of Swagger UI looks like without inline styles: its symbols take no room, and the bar with its logo, whose
 * colours are inline, is not there.
 */
export const DOCS_STYLE = `
    body > svg { position: absolute; width: 0; height: 0 }
    .swagger-ui .topbar { display: none }`;

/** Swagger UI's page as a policy without inline styles lets it be: its sheets carry the nonce, DOCS_STYLE says the rest. */
export function strictDocsPage(page: string, nonce: string): string {
  return page
    .replaceAll('<style>', `<style nonce="${nonce}">`)
    .replace(' style="position:absolute;width:0;height:0"', '');
}
