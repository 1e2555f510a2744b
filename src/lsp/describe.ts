import type { SourcePosition, SourceRange } from '../diagnostics/source-range.ts';
import type { Instruction } from '../dockerfile/ast.ts';
import type { LintStage, LintSubject } from '../lint/subject/lint-subject.ts';
import { sourcesOf, stageNamed } from '../lint/subject/stage-use.ts';
import { stageAt } from './complete.ts';
import { FLAG_WORDS, INSTRUCTION_WORDS } from './instruction-words.ts';

export interface Description {
  /** Markdown. */
  readonly text: string;
  readonly range: SourceRange;
}

/** What is known of the thing at a place: an instruction, a flag, a variable, a stage that is named. */
export function describe(subject: LintSubject, position: SourcePosition): Description | undefined {
  const instruction = subject.dockerfile.instructions.find(({ range }) => contains(range, position));
  if (!instruction) return undefined;
  if (contains(instruction.keywordRange, position)) {
    const { summary, form } = INSTRUCTION_WORDS[instruction.kind];
    return { text: `${summary}\n\n\`\`\`dockerfile\n${form}\n\`\`\``, range: instruction.keywordRange };
  }
  return (
    describeVariable(subject, position) ??
    describeStage(subject, instruction, position) ??
    describeFlag(instruction, position)
  );
}

function describeFlag({ flags }: Instruction, position: SourcePosition): Description | undefined {
  const flag = flags.find(({ range }) => contains(range, position));
  const words = flag && FLAG_WORDS[flag.name];
  return words === undefined ? undefined : { text: `\`--${flag?.name}\`: ${words}`, range: flag?.range as SourceRange };
}

function describeVariable(subject: LintSubject, position: SourcePosition): Description | undefined {
  const line = subject.text.line(position.line);
  for (const match of line.matchAll(/\$(?:\{(\w+)[^}]*\}|(\w+))/g)) {
    const start = match.index + 1;
    const end = start + match[0].length;
    if (position.column < start || position.column > end) continue;
    const name = match[1] ?? match[2] ?? '';
    const value = stageAt(subject, position.line)
      ?.steps.find(({ instruction }) => contains(instruction.range, position))
      ?.variables.get(name);
    const text = value === undefined ? `\`${name}\` has no value here` : `\`${name}\` = \`${value}\``;
    const { file } = subject.text;
    return { text, range: { file, start: { ...position, column: start }, end: { ...position, column: end } } };
  }
  return undefined;
}

function describeStage(
  { stages, text }: LintSubject,
  instruction: Instruction,
  position: SourcePosition,
): Description | undefined {
  const names = instruction.kind === 'FROM' ? [instruction.image.text] : sourcesOf(instruction);
  for (const name of names) {
    const stage = stageNamed(name, stages);
    const start = text.slice(instruction.range).indexOf(name) + text.offsetAt(instruction.range.start);
    const range = text.rangeOf(start, start + name.length);
    if (stage && contains(range, position)) return { text: stageText(stage), range };
  }
  return undefined;
}

function stageText({ from, steps, index, name }: LintStage): string {
  const shown = [from, ...steps.map(({ instruction }) => instruction)].slice(0, 12).map(({ original }) => original);
  const rest = steps.length > 11 ? ['…'] : [];
  return `Stage ${name ?? index}, line ${from.range.start.line}\n\n\`\`\`dockerfile\n${[...shown, ...rest].join('\n')}\n\`\`\``;
}

function contains({ start, end }: SourceRange, { line, column }: SourcePosition): boolean {
  const isBehindStart = line > start.line || (line === start.line && column >= start.column);
  const isBeforeEnd = line < end.line || (line === end.line && column <= end.column);
  return isBehindStart && isBeforeEnd;
}
