import type { RunInstruction } from '../../dockerfile/ast.ts';
import type { TextEdit } from '../finding.ts';
import type { LintStep, LintSubject } from '../subject/lint-subject.ts';

/** `RUN a` and `RUN b` become `RUN a && b`; undefined where anything but blank lines stands between, or a flag or document. */
export function joinRuns(
  { text, dockerfile }: LintSubject,
  { instruction: first }: LintStep<RunInstruction>,
  { instruction: second }: LintStep<RunInstruction>,
): readonly TextEdit[] | undefined {
  if (first.flags.length > 0 || second.flags.length > 0) return undefined;
  if ([first, second].some(({ command }) => command.form !== 'shell' || command.heredocs.length > 0)) return undefined;
  const [start, end] = [text.offsetAt(first.command.range.end), text.offsetAt(second.command.range.start)];
  if (text.text.slice(start, text.offsetAt(second.range.start)).trim() !== '') return undefined;
  const written = text.slice(first.command.range).trimEnd();
  // `a; b` and `a || b` bind otherwise with more behind them; `set` and `cd` would last longer.
  if (/[;&|\\`]$|(?:^|\s)#/.test(written.slice(written.lastIndexOf('\n') + 1))) return undefined;
  return [{ start, end, text: ` ${dockerfile.escape}\n    && ` }];
}

/** Nothing in them lasts longer, or binds otherwise, once they are one list. */
export function isPlainList({ commands }: LintStep): boolean {
  return commands.every(
    ({ before, name, depth }) =>
      depth > 0 ||
      (['start', '&&', '|'].includes(before) && !/^(?:cd|set|export|umask|ulimit|alias|exec|exit|)$/.test(name)),
  );
}
