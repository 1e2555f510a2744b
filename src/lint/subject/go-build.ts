/**
 * The go commands of a Dockerfile, as far as its text tells: flags, environment, folder, mounts. What surprises: a
 * command in a script or a Makefile is not seen, so rules say nothing of such builds.
 */

import { posix } from 'node:path';
import { KnownError } from '../../diagnostics/known-error.ts';
import type { RunInstruction } from '../../dockerfile/ast.ts';
import { type Mount, parseMount } from '../../dockerfile/mount.ts';
import { type ShellCommand, type ShellWord, wrappedCommand } from '../../shell/shell-command.ts';
import { assignmentsOf, isLasting } from './go-environment.ts';
import type { LintStage, LintStep, LintSubject } from './lint-subject.ts';
import { remembered } from './remembered.ts';
import { expandKnown } from './stage-steps.ts';
import { stepsIn } from './steps.ts';

export interface GoFlag {
  /** Without dashes. */
  readonly name: string;
  /** Variables as written; undefined for a flag without one. */
  readonly value: string | undefined;
  /** All of it in the Dockerfile's text, a value in a word of its own included. */
  readonly start: number;
  readonly end: number;
  /** Where the value begins, quotes included. */
  readonly valueStart: number | undefined;
}

export interface GoCommand {
  readonly stage: LintStage;
  readonly step: LintStep<RunInstruction>;
  readonly command: ShellCommand;
  /** `build`, `install`, `mod download` … */
  readonly verb: string;
  /** The last word of the verb: flags go behind it. */
  readonly verbWord: ShellWord;
  readonly flags: readonly GoFlag[];
  /** What is left: packages, mostly. */
  readonly operands: readonly ShellWord[];
  /** ENV, defaults of ARG, `export` in the same RUN, and what stands in front of the command. */
  readonly env: ReadonlyMap<string, string>;
  /** Where it runs, absolute; undefined where that hangs on a variable or the base. */
  readonly dir: string | undefined;
  readonly mounts: readonly Mount[];
  /** It stands in the exec form: its words have no places of their own. */
  readonly isExec: boolean;
}

const WITHOUT_VALUE: ReadonlySet<string> = new Set(
  'a n v x i race msan asan cover work trimpath linkshared modcacherw json d t u fix insecure'.split(' '),
);
const TWO_WORDS: ReadonlySet<string> = new Set(['mod', 'work', 'env', 'tool']);

/** All go commands, in order. */
export function goCommands({ stages }: LintSubject): readonly GoCommand[] {
  return stages.flatMap(goCommandsOf);
}

/** The commands of a stage's own steps, in order. */
export const goCommandsOf = remembered((stage: LintStage): readonly GoCommand[] =>
  stepsIn(stage, 'RUN')
    .filter(({ commands }) => commands.some((command) => wrappedCommand(command).name === 'go'))
    .flatMap((step) => commandsOfStep(stage, step)),
);

/** `go build`, and `go install` of what is in the context (with `@version` it is a tool's). */
export function goBuilds(subject: LintSubject): readonly GoCommand[] {
  return goCommands(subject).filter(isBuild);
}

export function isBuild({ verb, operands }: GoCommand): boolean {
  return verb === 'build' || (verb === 'install' && !operands.some(({ text }) => text.includes('@')));
}

/** The last one of a name, as the go command takes it. */
export function flagOf({ flags }: GoCommand, name: string): GoFlag | undefined {
  return flags.findLast((flag) => flag.name === name);
}

/** Words of -ldflags; undefined without the flag. */
export function linkerFlags(command: GoCommand): readonly string[] | undefined {
  const value = flagOf(command, 'ldflags')?.value;
  return value?.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? (value === undefined ? undefined : []);
}

/** Where `go build -o` writes, absolute; undefined without -o, and where its name or the folder is not known. */
export function namedOutput(command: GoCommand): string | undefined {
  const value = flagOf(command, 'o')?.value;
  if (value === undefined || command.verb !== 'build') return undefined;
  const path = expandKnown(value, command.env);
  if (path.includes('$') || path.includes('`')) return undefined;
  if (!path.startsWith('/') && command.dir === undefined) return undefined;
  const absolute = posix.join('/', path.startsWith('/') ? '' : (command.dir ?? ''), path);
  const [only, ...others] = command.operands;
  // Into a folder, each binary gets its package's name.
  if (!path.endsWith('/')) return others.length > 0 ? undefined : absolute;
  const name = only && others.length === 0 ? posix.basename(only.text) : '';
  return /^[\w-]+$/.test(name) ? posix.join(absolute, name) : undefined;
}

function commandsOfStep(stage: LintStage, step: LintStep<RunInstruction>): readonly GoCommand[] {
  const mounts = mountsOf(step);
  const found: GoCommand[] = [];
  let env = new Map(step.variables);
  let dir = step.workdir;
  for (const raw of step.commands) {
    const command = wrappedCommand(raw);
    const set = assignmentsOf(raw, step).map(({ name, value }) => [name, value] as const);
    if (isLasting(raw)) env = new Map([...env, ...set]);
    if (command.name === 'cd') dir = enter(dir, expandKnown(command.args[0]?.text ?? '', step.variables));
    const read = command.name === 'go' ? readCommand(command) : undefined;
    if (!read) continue;
    const isExec = step.instruction.command.form === 'exec';
    const folder = read.flags.find(({ name }) => name === 'C')?.value;
    const at = folder === undefined ? dir : enter(dir, folder);
    found.push({ stage, step, command, ...read, env: new Map([...env, ...set]), dir: at, mounts, isExec });
  }
  return found;
}

/** Mounts that can be read; a broken one ends the build and is another finding. */
export function mountsOf(step: LintStep<RunInstruction>): readonly Mount[] {
  return step.instruction.flags.flatMap(({ name, value }) => {
    if (name !== 'mount' || value === undefined) return [];
    try {
      return [parseMount(value, { expand: (text) => expandKnown(text, step.variables) })];
    } catch (error) {
      if (error instanceof KnownError) return [];
      throw error;
    }
  });
}

function enter(dir: string | undefined, path: string): string | undefined {
  if (path === '' || path.includes('$') || path.includes('`')) return undefined;
  if (path.startsWith('/')) return posix.normalize(path);
  return dir === undefined ? undefined : posix.join(dir, path);
}

type ReadCommand = Pick<GoCommand, 'verb' | 'verbWord' | 'flags' | 'operands'>;

function readCommand({ args }: ShellCommand): ReadCommand | undefined {
  const [first, second] = args;
  if (!first) return undefined;
  const isTwo = TWO_WORDS.has(first.text) && second !== undefined && !second.text.startsWith('-');
  const verbWord = isTwo ? second : first;
  const verb = isTwo ? `${first.text} ${second.text}` : first.text;
  return { verb, verbWord, ...readFlags(args.slice(isTwo ? 2 : 1)) };
}

function readFlags(words: readonly ShellWord[]): Pick<GoCommand, 'flags' | 'operands'> {
  const flags: GoFlag[] = [];
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at];
    const match = /^--?([A-Za-z][\w.]*)(=?)/.exec(word?.text ?? '');
    if (!word || !match) break;
    const [written, name = '', equals] = match;
    const next = words[at + 1];
    if (equals) flags.push({ name, value: word.text.slice(written.length), ...valueWithin(word, written.length) });
    else if (WITHOUT_VALUE.has(name) || !next)
      flags.push({ name, value: undefined, ...placeOf(word), valueStart: undefined });
    else {
      flags.push({ name, value: next.text, start: word.start, end: next.end, valueStart: next.start });
      at++;
    }
  }
  return { flags, operands: words.slice(at) };
}

function valueWithin(word: ShellWord, length: number): Pick<GoFlag, 'start' | 'end' | 'valueStart'> {
  return { ...placeOf(word), valueStart: word.start + length };
}

function placeOf({ start, end }: ShellWord): Pick<GoFlag, 'start' | 'end'> {
  return { start, end };
}

/** It leaves a binary: not a check of many packages, whose results `go build` throws away. */
export function writesBinary(command: GoCommand): boolean {
  const output = flagOf(command, 'o')?.value;
  if (output !== undefined) return output !== '/dev/null';
  if (command.verb === 'install') return true;
  return command.operands.length < 2 && !command.operands.some(({ text }) => text.endsWith('...'));
}

/** The flag is given, on the line or by GOFLAGS. */
export function hasGoFlag(command: GoCommand, name: string): boolean {
  const always = command.env.get('GOFLAGS') ?? '';
  return flagOf(command, name) !== undefined || new RegExp(`(?:^|\\s)--?${name}(?:$|[\\s=])`).test(always);
}

/** Builds whose binary can end in the image: of stages that it is made of, and not compiled to be debugged. */
export function releaseBuilds(subject: LintSubject): readonly GoCommand[] {
  return goBuilds(subject).filter(
    (build) => build.stage.isNeeded && writesBinary(build) && !hasGoFlag(build, 'race') && !isForDebugger(build),
  );
}

/** Compiled without optimisation or inlining (`-gcflags "all=-N -l"`). */
export function isForDebugger(command: GoCommand): boolean {
  return /(?:^|[\s=])-[Nl](?:$|\s)/.test(flagOf(command, 'gcflags')?.value ?? '');
}
