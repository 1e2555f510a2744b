import type { InstructionKind } from '../dockerfile/ast.ts';
import { INSTRUCTIONS } from '../dockerfile/instructions/instructions.ts';
import type { LintStage, LintSubject } from '../lint/subject/lint-subject.ts';
import type { Cursor } from './cursor.ts';
import { FLAG_WORDS, INSTRUCTION_WORDS, MOUNT_TYPES } from './instruction-words.ts';

/** Something that could be typed where the cursor is. */
export interface Proposal {
  readonly label: string;
  readonly kind: 'instruction' | 'flag' | 'stage' | 'variable' | 'value';
  readonly detail: string;
  /** How many characters in front of the cursor it replaces. */
  readonly replaces: number;
}

/** Platform arguments that every stage may declare (Dockerfile reference, "Automatic platform ARGs"). */
const PLATFORM_ARGS = [
  'TARGETPLATFORM',
  'TARGETOS',
  'TARGETARCH',
  'TARGETVARIANT',
  'BUILDPLATFORM',
  'BUILDOS',
  'BUILDARCH',
];

/** `subject` is the Dockerfile as it could last be read, `line` the cursor's, one-based. */
export function complete(cursor: Cursor, subject: LintSubject | undefined, line: number): readonly Proposal[] {
  if (cursor.isInert) return [];
  const { instruction, word } = cursor;
  const variable = /\$\{?(\w*)$/.exec(word);
  if (variable) return variables(variable[1] ?? '', stageAt(subject, line), line);
  if (!instruction) return cursor.before.trim() === '' ? instructions(word) : [];
  if (word.startsWith('--')) return flagProposals(cursor, instruction, subject, line);
  if (instruction === 'FROM' && /^\s*FROM\s+(?:--\S+\s+)*$/i.test(cursor.before)) return bases(word, subject, line);
  if (instruction === 'ONBUILD' && /^\s*ONBUILD\s+$/i.test(cursor.before)) return instructions(word);
  return instruction === 'ARG' ? platformArgs(word) : [];
}

function instructions(word: string): readonly Proposal[] {
  const isLower = word !== '' && word === word.toLowerCase();
  return Object.entries(INSTRUCTION_WORDS).map(([name, { form }]) => ({
    label: isLower ? name.toLowerCase() : name,
    kind: 'instruction',
    detail: form,
    replaces: word.length,
  }));
}

function flagProposals(
  { word, before }: Cursor,
  instruction: InstructionKind,
  subject: LintSubject | undefined,
  line: number,
): readonly Proposal[] {
  const from = /^--from=(\S*)$/.exec(word) ?? /^--mount=\S*?\bfrom=([^,\s]*)$/.exec(word);
  if (from) return stages(from[1] ?? '', subject, line);
  const type = /^--mount=(?:\S*,)?type=(\w*)$/.exec(word);
  if (type)
    return MOUNT_TYPES.map((label) => ({ label, kind: 'value', detail: 'mount', replaces: type[1]?.length ?? 0 }));
  const { flags } = INSTRUCTIONS[instruction];
  const free = Object.entries(flags).filter(([name, kind]) => kind === 'list' || !before.includes(`--${name}`));
  return free.map(([name, kind]) => ({
    label: kind === 'boolean' ? `--${name}` : `--${name}=`,
    kind: 'flag',
    detail: FLAG_WORDS[name] ?? '',
    replaces: word.length,
  }));
}

function bases(word: string, subject: LintSubject | undefined, line: number): readonly Proposal[] {
  const scratch: Proposal = { label: 'scratch', kind: 'stage', detail: 'nothing', replaces: word.length };
  return [...stages(word, subject, line), scratch];
}

/** Only what stands above can be named. */
function stages(word: string, subject: LintSubject | undefined, line: number): readonly Proposal[] {
  const above = (subject?.stages ?? []).filter(({ from }) => from.range.end.line < line);
  return above.flatMap(({ name, from }) =>
    name === undefined ? [] : [{ label: name, kind: 'stage', detail: from.original, replaces: word.length }],
  );
}

function variables(word: string, stage: LintStage | undefined, line: number): readonly Proposal[] {
  const known = new Map<string, string>();
  for (const { instruction, variables: values } of stage?.steps ?? []) {
    if (instruction.range.start.line > line) break;
    for (const [name, value] of values) known.set(name, value);
    if (instruction.range.end.line >= line) continue;
    if (instruction.kind === 'ARG')
      for (const { name } of instruction.args) known.set(name.text, known.get(name.text) ?? '');
    if (instruction.kind === 'ENV') for (const { key, value } of instruction.pairs) known.set(key.text, value.text);
  }
  return [...known].map(([label, detail]) => ({ label, kind: 'variable', detail, replaces: word.length }));
}

function platformArgs(word: string): readonly Proposal[] {
  return PLATFORM_ARGS.map((label) => ({ label, kind: 'variable', detail: 'platform', replaces: word.length }));
}

export function stageAt(subject: LintSubject | undefined, line: number): LintStage | undefined {
  return subject?.stages.findLast(({ from }) => from.range.start.line <= line);
}
