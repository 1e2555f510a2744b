import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { stripControl } from '../../diagnostics/redact.ts';
import type { Terminal } from '../terminal.ts';

/** Findings of the build checks, a line each, in the form BuildKit prints them after a build. Empty without findings. */
export function renderWarnings(found: readonly Diagnostic[], { colors }: Terminal): string {
  if (found.length === 0) return '';
  const title = found.length === 1 ? '1 warning found:' : `${found.length} warnings found:`;
  const lines = found.map(
    ({ code, message, range }) => ` - ${code}: ${stripControl(message)} (line ${range.start.line})`,
  );
  return `\n${colors.yellow(title)}\n${lines.join('\n')}\n`;
}

/** What people must know of the build as a whole, a line each. */
export function renderNotices(notices: readonly string[], { colors }: Terminal): string {
  return notices.map((text) => `${colors.yellow('warning')}: ${stripControl(text)}\n`).join('');
}
