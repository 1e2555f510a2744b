/**
 * A page that needs nothing else and may load nothing. Titles are escaped here; the other parts are markup, so text of foreign origin
 * enters them only through `escapeHtml`. The room must not know what a page is about.
 */
import { escapeHtml } from './markup.ts';
import { PAGE_STYLE } from './page-style.ts';

export interface PageParts {
  readonly title: string;
  /** Facts in one line below the title; each is escaped. */
  readonly facts: readonly string[];
  /** Markup. */
  readonly main: string;
}

export function htmlPage({ title, facts, main }: PageParts): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline';script-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title><style>${PAGE_STYLE}</style></head><body>
<header><h1>${escapeHtml(title)}</h1><p class="soft">${facts.map(escapeHtml).join(' · ')}</p></header>
<main>
${main}
</main></body></html>
`;
}
