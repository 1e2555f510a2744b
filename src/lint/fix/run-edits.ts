import type { SourceRange } from '../../diagnostics/source-range.ts';
import type { Instruction, RunInstruction } from '../../dockerfile/ast.ts';
import { parseHeredocWord } from '../../dockerfile/heredoc.ts';
import type { ShellWord } from '../../shell/shell-command.ts';
import type { Fix, TextEdit } from '../finding.ts';
import type { LintStep, LintSubject } from '../subject/lint-subject.ts';

/** undefined where there is nothing that could be edited: a rule then has its finding and no fix. */
export function fixOf(title: string, safety: Fix['safety'], edits: readonly TextEdit[] | undefined): Fix | undefined {
  return edits && edits.length > 0 ? { title, safety, edits } : undefined;
}

/** Words of the exec form have no place of their own. */
export function hasPlaces({ instruction }: LintStep): boolean {
  return 'command' in instruction && instruction.command?.form === 'shell';
}

/** Text behind a word of a shell command: ` --flag`. */
export function insertBehind(
  step: LintStep,
  word: ShellWord | undefined,
  text: string,
): readonly TextEdit[] | undefined {
  return word && hasPlaces(step) ? [{ start: word.end, end: word.end, text }] : undefined;
}

export function replaceWord(
  step: LintStep,
  word: ShellWord | undefined,
  text: string,
): readonly TextEdit[] | undefined {
  return word && hasPlaces(step) ? [{ start: word.start, end: word.end, text }] : undefined;
}

/** One more command at the end of a RUN, run where all before it went well. */
export function appendCommand(
  { text, dockerfile }: LintSubject,
  { instruction: { command }, commands }: LintStep<RunInstruction>,
  added: string,
): readonly TextEdit[] | undefined {
  // Under sudo, what is added would lack its rights.
  if (command.form !== 'shell' || commands.some(({ name }) => name === 'sudo')) return undefined;
  const end = text.offsetAt(command.range.end);
  const [document, ...more] = command.heredocs;
  if (document) {
    const isAlone = more.length === 0 && parseHeredocWord(command.command.trim()) !== undefined;
    const last = text.text.lastIndexOf('\n', text.offsetAt(document.range.end) - 1) + 1;
    const indent = document.chomp ? (/^\t*/.exec(text.text.slice(last))?.[0] ?? '') : '';
    return isAlone && !document.content.startsWith('#!')
      ? [{ start: last, end: last, text: `${indent}${added}\n` }]
      : undefined;
  }
  const written = text.text.slice(text.offsetAt(command.range.start), end).trimEnd();
  const lastLine = written.slice(written.lastIndexOf('\n') + 1);
  // What follows an operator or stands in a comment would not be a command of its own.
  if (/[;&|\\`]$/.test(written) || /(?:^|\s)#/.test(lastLine)) return undefined;
  const at = text.offsetAt(command.range.start) + written.length;
  return [{ start: at, end: at, text: ` ${dockerfile.escape}\n    && ${added}` }];
}

/** The instruction and its line breaks; nothing else may stand on its lines. */
export function removeInstruction({ text }: LintSubject, { range }: Instruction): readonly TextEdit[] {
  const start = text.offsetAt({ line: range.start.line, column: 1 });
  const newline = text.text.indexOf('\n', text.offsetAt(range.end));
  return [{ start, end: newline < 0 ? text.text.length : newline + 1, text: '' }];
}

/** A line in front of an instruction. */
export function insertBefore({ text }: LintSubject, { range }: Instruction, line: string): readonly TextEdit[] {
  const start = text.offsetAt(range.start);
  return [{ start, end: start, text: `${line}\n` }];
}

export function replaceRange({ text: source }: LintSubject, range: SourceRange, text: string): readonly TextEdit[] {
  return [{ start: source.offsetAt(range.start), end: source.offsetAt(range.end), text }];
}
