import { KnownError } from '../diagnostics/known-error.ts';

/** What is left of a byte order mark of UTF-16 when a file is read as UTF-8: its bytes occur in no text. */
const MARK = '\ufffd\ufffd';

/**
 * Files of PowerShell's `>` and of some editors. Told from the NULs beside the first letters, since every Dockerfile begins
 * with ASCII. @throws KnownError DOCKERFILE_SYNTAX
 */
export function refuseUtf16(text: string, file: string): void {
  const hasMark = text.startsWith(MARK);
  const first = text.slice(hasMark ? MARK.length : 0, hasMark ? MARK.length + 2 : 2);
  const isLittle = first.charAt(1) === '\0' && first.charAt(0) !== '\0';
  const isBig = first.charAt(0) === '\0' && first.charAt(1) !== '\0';
  if (!isLittle && !isBig) return;
  const encoding = isLittle ? 'UTF-16LE' : 'UTF-16BE';
  const start = { line: 1, column: 1 };
  const error = new KnownError('DOCKERFILE_SYNTAX', `The file is in ${encoding}; a Dockerfile is read as UTF-8.`, {
    range: { file, start, end: start },
    hint: `Save it as UTF-8 in the editor, with PowerShell's "Out-File -Encoding utf8", or with "iconv -f ${
      hasMark ? 'UTF-16' : encoding
    } -t UTF-8 OLD > NEW".`,
  });
  throw error.within(text.replace(/[\ufffd\0]/g, ''));
}
