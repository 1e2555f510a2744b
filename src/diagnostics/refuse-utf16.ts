import type { ErrorCode } from './error-code.ts';
import { KnownError } from './known-error.ts';

/** What is left of a byte order mark of UTF-16 when a file is read as UTF-8: its bytes occur in no text. */
const MARK = '\ufffd\ufffd';

const ENCODINGS = [
  { name: 'UTF-16LE', begins: /^(?:[^\0]\0){2}/ },
  { name: 'UTF-16BE', begins: /^(?:\0[^\0]){2}/ },
];

/**
 * Refuses what PowerShell's `>` and some editors write, given as it reads in UTF-8. Told from the NULs beside the first
 * letters, since such files begin with ASCII. @throws KnownError with `code` and a place
 */
export function refuseUtf16(text: string, { file, code }: { readonly file: string; readonly code: ErrorCode }): void {
  const hasMark = text.startsWith(MARK);
  const first = text.slice(hasMark ? MARK.length : 0);
  const encoding = ENCODINGS.find(({ begins }) => begins.test(first))?.name;
  if (!encoding) return;
  const start = { line: 1, column: 1 };
  const error = new KnownError(code, `The file is in ${encoding}; it has to be in UTF-8.`, {
    range: { file, start, end: start },
    hint: `Save it as UTF-8 in the editor, with PowerShell's "Out-File -Encoding utf8", or with "iconv -f ${
      hasMark ? 'UTF-16' : encoding
    } -t UTF-8 OLD > NEW".`,
  });
  throw error.within(text.replace(/[\ufffd\0]/g, ''));
}
