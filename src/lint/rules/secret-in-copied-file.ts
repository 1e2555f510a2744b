import { closeSync, readFileSync } from 'node:fs';
import type { FileEntry } from '../../context/file-tree.ts';
import { openEntry } from '../../context/open-entry.ts';
import { KnownError } from '../../diagnostics/known-error.ts';
import { findSecrets } from '../../secret/find-secrets.ts';
import { assignmentRuleFor, isTestPath, secretFileTitle } from '../../secret/secret-file.ts';
import type { SecretFinding } from '../../secret/secret-finding.ts';
import type { Rule } from '../rule.ts';
import { contextSources, copiedFiles } from '../subject/copied-files.ts';
import { remembered } from '../subject/remembered.ts';
import { shipsFile } from '../subject/shipped-files.ts';

/** Larger files are programs and data; and no more text than this is read of one context. */
const MOST_BYTES = 256 * 1024;
const MOST_TOTAL_BYTES = 16 * 1024 * 1024;
const NO_TEXT =
  /\.(?:png|jpe?g|gif|ico|webp|woff2?|ttf|eot|pdf|zip|gz|tgz|xz|zst|bz2|jar|so|a|o|exe|wasm|mp[34]|svg|map|lock|sum)$/i;

/** By content: what is copied is looked through, within a bound. */
export const secretInCopiedFile: Rule = {
  name: 'secret-in-copied-file',
  family: 'secret',
  severity: 'error',
  level: 'default',
  summary: 'A file that becomes part of the image holds a secret',

  *check(subject) {
    const { context } = subject;
    if (!context) return;
    const seen = new Set<string>();
    let left = MOST_TOTAL_BYTES;
    for (const source of contextSources(subject)) {
      for (const file of copiedFiles(context, source)) {
        if (seen.has(file.path) || !isLookedAt(file) || file.size > left) continue;
        if (!shipsFile(subject, source, file.path)) continue;
        seen.add(file.path);
        left -= file.size;
        const [secret] = secretsOf(file);
        if (!secret) continue;
        yield {
          message: `${file.path}${secret.line === undefined ? '' : `:${secret.line}`} holds a secret (${secret.title}): ${secret.masked}.`,
          range: source.word.range,
          hint: 'Hide the file by .dockerignore, or take the secret out; and replace it where the image was pushed.',
        };
      }
    }
  },
};

/** Files that are known by their name have a rule of their own. */
function isLookedAt({ path, type, size }: FileEntry): boolean {
  if (type !== 'file' || size === 0 || size > MOST_BYTES || NO_TEXT.test(path)) return false;
  return (
    !isTestPath(path) && !/(?:^|\/)(?:\.git|node_modules|vendor)\//.test(path) && secretFileTitle(path) === undefined
  );
}

/** Dockerfiles of one context, and sources of one Dockerfile, often copy the same files. */
const secretsOf = remembered((file: FileEntry): readonly SecretFinding[] => {
  const text = textOf(file);
  return text === undefined || text.includes('\0')
    ? []
    : findSecrets(text, { assignments: assignmentRuleFor(file.path) });
});

function textOf(file: FileEntry): string | undefined {
  try {
    const fd = openEntry(file);
    try {
      return readFileSync(fd, 'utf8');
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    // Unreadable, or changed meanwhile.
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}
