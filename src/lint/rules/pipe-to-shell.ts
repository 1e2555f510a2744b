import type { Rule } from '../rule.ts';
import { downloadsOf } from '../subject/downloads.ts';

const INTERPRETERS = new Set([
  'sh',
  'bash',
  'ash',
  'dash',
  'zsh',
  'ksh',
  'python',
  'python3',
  'perl',
  'ruby',
  'node',
  'php',
]);

/** Whatever the server sends that day runs as root, whole or cut off in the middle. */
export const pipeToShell: Rule = {
  name: 'pipe-to-shell',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'A download is run as it arrives, unseen and unchecked',

  *check(subject) {
    for (const { download } of downloadsOf(subject)) {
      const { command, readBy, program } = download;
      if (!readBy || !INTERPRETERS.has(readBy.name) || readsItsOwn(readBy.args)) continue;
      yield {
        message: `What ${program} downloads is run by ${readBy.name} unchecked.`,
        range: subject.text.rangeOf(command.start, readBy.end),
        hint: 'Download a fixed version to a file, check its digest, then run it; or install the package.',
      };
    }
  },
};

/** A program of its own reads the pipe: `python -c`, `perl -ne`, `python -m json.tool`. */
function readsItsOwn(args: readonly { readonly text: string }[]): boolean {
  const [first] = args;
  return (
    first !== undefined && (/^-\w*[cemp]\w*$/.test(first.text) || /^[\w./]+\.(?:py|pl|rb|js|php)$/.test(first.text))
  );
}
