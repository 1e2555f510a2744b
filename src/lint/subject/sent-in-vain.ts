import type { FileEntry } from '../../context/file-tree.ts';
import type { Finding } from '../finding.ts';
import { formatBytes, totalBytes } from './byte-count.ts';
import { copiedFiles, wholeContextSource } from './copied-files.ts';
import type { LintSubject } from './lint-subject.ts';

export interface SentInVain {
  /** What they are, as the subject of a sentence in the plural: `Editor files`. */
  readonly what: string;
  /** Lines for .dockerignore. */
  patterns(files: readonly FileEntry[]): readonly string[];
  isOne(file: FileEntry): boolean;
  /** Fewer bytes than this are not worth a word; 0 unless told. */
  readonly leastBytes?: number;
}

/** One finding about files that `COPY . .` sends, with a fix that hides them where .dockerignore exists or can be made. */
export function* findSentInVain(
  subject: LintSubject,
  { what, patterns, isOne, leastBytes = 0 }: SentInVain,
): Generator<Finding> {
  const { context } = subject;
  const source = context && wholeContextSource(subject);
  if (!context || !source) return;
  const files = copiedFiles(context, source).filter(isOne);
  const bytes = totalBytes(files);
  const [first] = files;
  if (!first || bytes < leastBytes) return;
  const lines = patterns(files);
  const more = files.length > 1 ? ` and ${files.length - 1} more` : '';
  const existing = context.readText('.dockerignore');
  const isOwn = context.ignore !== undefined && existing === undefined;
  yield {
    message: `${what} are copied with the sources: ${first.path}${more} (${formatBytes(bytes)}).`,
    range: source.step.instruction.range,
    hint: `Write ${lines.join(' and ')} into .dockerignore.`,
    fix: isOwn
      ? undefined
      : {
          title: `Hide ${lines.join(', ')} by .dockerignore`,
          safety: 'suggested',
          edits: [],
          writes: [{ path: '.dockerignore', text: withLines(existing ?? '', lines) }],
        },
  };
}

function withLines(text: string, lines: readonly string[]): string {
  const head = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return `${head}${lines.join('\n')}\n`;
}
