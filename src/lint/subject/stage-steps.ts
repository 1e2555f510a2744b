import { posix } from 'node:path';
import { KnownError } from '../../diagnostics/known-error.ts';
import type { SourceText } from '../../diagnostics/source-text.ts';
import type { CommandLine, Instruction } from '../../dockerfile/ast.ts';
import { expandWord } from '../../dockerfile/expand-word.ts';
import type { ShellCommand, ShellWord } from '../../shell/shell-command.ts';
import { readShellCommands } from '../../shell/shell-script.ts';
import { shellSource } from '../../shell/shell-source.ts';
import type { LintStep } from './lint-subject.ts';

/** What an instruction starts from, and leaves to the next one. */
export type StepState = Pick<LintStep, 'user' | 'workdir' | 'shell' | 'variables'>;

export interface StepScope {
  readonly text: SourceText;
  readonly escape: '\\' | '`';
  /** Defaults of ARG before the first FROM, for those that a stage declares without one. */
  readonly globalArgs: ReadonlyMap<string, string>;
  /** The base image is Windows', whose shell is cmd unless SHELL says otherwise. */
  readonly isWindows: boolean;
}

export const FIRST_STATE: StepState = { user: undefined, workdir: undefined, shell: undefined, variables: new Map() };

/** The steps of a stage, and the state at its end. */
export function stageSteps(
  instructions: readonly Instruction[],
  start: StepState,
  scope: StepScope,
): { readonly steps: readonly LintStep[]; readonly end: StepState } {
  const steps: LintStep[] = [];
  let state = start;
  for (const instruction of instructions) {
    steps.push({ instruction, ...state, commands: commandsOf(instruction, state, scope) });
    state = after(instruction, state, scope);
  }
  return { steps, end: state };
}

/** Variables without a known value stay as written. */
export function expandKnown(
  text: string,
  variables: ReadonlyMap<string, string>,
  escapeToken: '\\' | '`' = '\\',
): string {
  try {
    return expandWord(text, variables, { escape: escapeToken, keepUnset: true }).text;
  } catch (error) {
    // Such a word fails the build; the finding for that is another one.
    if (error instanceof KnownError) return text;
    throw error;
  }
}

function after(instruction: Instruction, state: StepState, scope: StepScope): StepState {
  const expand = (text: string): string => expandKnown(text, state.variables, scope.escape);
  switch (instruction.kind) {
    case 'USER':
      return { ...state, user: expand(instruction.user.text) };
    case 'WORKDIR':
      return { ...state, workdir: posix.join(state.workdir ?? '/', toAbsolute(expand(instruction.path.text), state)) };
    case 'SHELL':
      return { ...state, shell: instruction.argv };
    case 'ENV':
      return withVariables(
        state,
        instruction.pairs.map(({ key, value }) => [expand(key.text), expand(value.text)]),
      );
    case 'ARG':
      return withVariables(state, declared(instruction, expand, { state, scope }));
    default:
      return state;
  }
}

function toAbsolute(path: string, { workdir }: StepState): string {
  return path.startsWith('/') && workdir ? posix.relative(workdir, path) || '.' : path;
}

/** ENV wins over ARG of the same name: what is set stays. */
function declared(
  { args }: Extract<Instruction, { kind: 'ARG' }>,
  expand: (text: string) => string,
  { state, scope }: { readonly state: StepState; readonly scope: StepScope },
): readonly (readonly [string, string])[] {
  return args.flatMap(({ name, value }) => {
    const known = value ? expand(value.text) : scope.globalArgs.get(name.text);
    return known === undefined || state.variables.has(name.text) ? [] : [[name.text, known] as const];
  });
}

function withVariables(state: StepState, entries: readonly (readonly [string, string])[]): StepState {
  return entries.length === 0 ? state : { ...state, variables: new Map([...state.variables, ...entries]) };
}

function commandsOf(instruction: Instruction, { shell }: StepState, scope: StepScope): readonly ShellCommand[] {
  switch (instruction.kind) {
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'HEALTHCHECK':
      return instruction.command ? readCommands(instruction.command, shell, scope) : [];
    default:
      return [];
  }
}

const POSIX_SHELL = /(?:^|\/)(?:sh|ash|bash|dash|ksh|zsh)$/;

function readCommands(
  command: CommandLine,
  shell: readonly string[] | undefined,
  { text, escape: escapeToken, isWindows }: StepScope,
): readonly ShellCommand[] {
  if (command.form === 'exec') return execCommands(command, text);
  if (escapeToken === '`' || (shell ? !POSIX_SHELL.test(shell[0] ?? '') : isWindows)) return [];
  const source = shellSource(command, text, escapeToken);
  return source ? readShellCommands(source) : [];
}

/** Its words have no places of their own: each stands for the whole. */
function execCommands(command: Extract<CommandLine, { form: 'exec' }>, text: SourceText): readonly ShellCommand[] {
  const start = text.offsetAt(command.range.start);
  const end = text.offsetAt(command.range.end);
  const words = command.argv.map((word): ShellWord => ({ text: word, isLiteral: true, start, end }));
  const [nameWord, ...args] = words;
  if (!nameWord) return [];
  const nothing = { assignments: [], redirections: [], before: 'start', depth: 0 } as const;
  return [{ name: nameWord.text, nameWord, args, start, end, ...nothing }];
}
