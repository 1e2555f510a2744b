import { readFileSync } from 'node:fs';
import { ERROR_CODES } from '../diagnostics/error-code.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { usageError } from './flags/csv-fields.ts';
import { packageFile } from './package-file.ts';
import { renderMarkdown } from './render/markdown.ts';
import type { Terminal } from './terminal.ts';

/** Whether a word can only be an error's code: commands are written in lower case. */
export function looksLikeErrorCode(word: string): boolean {
  return /^[A-Z][A-Z_]+$/.test(word);
}

/** The page that explains a rule of `slipway lint`; undefined when no rule has the name. */
export function rulePage(name: string, terminal: Terminal): string | undefined {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) return undefined;
  const file = packageFile(`docs/rules/${name}.md`);
  return file === undefined ? undefined : renderMarkdown(readFileSync(file, 'utf8'), terminal);
}

/** The page that explains an error code. @throws KnownError USAGE */
export function errorPage(code: string, terminal: Terminal): string {
  const file = ERROR_CODES.some((known) => known === code) ? packageFile(`docs/errors/${code}.md`) : undefined;
  if (file !== undefined) return renderMarkdown(readFileSync(file, 'utf8'), terminal);
  const meant = nearest(code, ERROR_CODES);
  throw usageError(
    `${code} is not an error of Slipway.`,
    meant ? `Did you mean "slipway help ${meant}"?` : 'The code of an error stands in brackets behind its message.',
  );
}
