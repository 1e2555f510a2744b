import { stripControl } from '../../diagnostics/redact.ts';
import { type LintedFile, shownPath } from '../../lint/lint-files.ts';
import type { Terminal } from '../terminal.ts';

/** What was mended, a line each. Empty when nothing was. */
export function renderFixes(files: readonly LintedFile[], { colors, unicode }: Terminal): string {
  const mark = colors.green(unicode ? '✓' : '*');
  const lines = files.flatMap(({ applied, report }) =>
    applied.map(({ code, title, line }) => {
      return `${mark} ${report.file}:${line}: ${stripControl(title)} ${colors.dim(`(${code})`)}\n`;
    }),
  );
  return lines.length === 0 ? '' : `${lines.join('')}\n`;
}

/** The changes of fixes as a unified diff, in the form that `patch -p1` and `git apply` take. */
export async function renderDiff(files: readonly LintedFile[], cwd: string, terminal: Terminal): Promise<string> {
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import('diff');
  const patches = files.flatMap(({ changes }) =>
    changes.map(({ path, before, after }) => {
      const shown = shownPath(path, cwd);
      const from = before === undefined ? '/dev/null' : `a/${shown}`;
      return createTwoFilesPatch(from, `b/${shown}`, before ?? '', after, undefined, undefined, {
        headerOptions: FILE_HEADERS_ONLY,
      });
    }),
  );
  return patches.map((patch) => painted(stripControl(patch), terminal)).join('');
}

function painted(patch: string, { colors }: Terminal): string {
  const lines = patch.split('\n').map((line) => {
    if (/^(?:---|\+\+\+) /.test(line)) return colors.bold(line);
    if (line.startsWith('@@')) return colors.cyan(line);
    if (line.startsWith('+')) return colors.green(line);
    return line.startsWith('-') ? colors.red(line) : line;
  });
  return lines.join('\n');
}
