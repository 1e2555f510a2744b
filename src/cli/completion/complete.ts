/**
 * What can stand at the cursor. The shells' scripts know nothing themselves: they ask `slipway __complete WORDS…`, and the
 * answer comes from the same declarations as help does.
 */
import type { Argument, Command, Option } from 'commander';
import { ERROR_CODES } from '../../diagnostics/error-code.ts';
import type { CommandContext } from '../command.ts';
import { COMMANDS } from '../command-table.ts';
import { declareCommand, visibleOptions } from '../declare-command.ts';
import { matchCommand } from '../find-command.ts';
import { commandLineState } from './command-line-state.ts';
import { imageNames, stageNames } from './known-names.ts';

export interface Candidate {
  readonly text: string;
  readonly description?: string;
}

/** What to offer: words, or the shell's own completion of paths. */
export type Completion =
  | { readonly kind: 'words'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'files' | 'directories' };

/**
 * The answer to a shell: one candidate a line (text, tab, description), or the line `:files` or `:directories`. The last
 * word is the one at the cursor, '' when it has not begun. Never fails: what cannot be found out is not offered.
 */
export async function complete(words: readonly string[], context: CommandContext): Promise<string> {
  const completion = await completionOf(words, context);
  if (completion.kind !== 'words') return `:${completion.kind}\n`;
  const typed = words.at(-1) ?? '';
  return completion.candidates
    .filter(({ text }) => text.startsWith(typed))
    .map(({ text, description }) => (description ? `${text}\t${description}\n` : `${text}\n`))
    .join('');
}

async function completionOf(words: readonly string[], context: CommandContext): Promise<Completion> {
  const before = words.slice(0, -1);
  const isHelp = before[0] === 'help';
  const found = isHelp ? undefined : matchCommand(before);
  if (!found) return { kind: 'words', candidates: firstWords(isHelp ? before.slice(1) : before, isHelp) };
  const { command } = await declareCommand(found.entry);
  const typed = words.at(-1) ?? '';
  const state = commandLineState(command, found.argv, found.entry.name === 'run');
  if (state.flag) return valuesOf(state.flag, { command, words: found.argv, context });
  if (typed.startsWith('-') && !state.flagsEnded)
    return completionOfFlag(command, typed, { words: found.argv, context });
  const argument = command.registeredArguments[state.arguments] ?? lastVariadic(command);
  return argument ? argumentValues(argument, context) : { kind: 'words', candidates: [] };
}

function lastVariadic(command: Command): Argument | undefined {
  const last = command.registeredArguments.at(-1);
  return last?.variadic ? last : undefined;
}

/** `slipway <tab>` and `slipway help <tab>`: help also knows the codes of errors. */
function firstWords(typed: readonly string[], isHelp: boolean): readonly Candidate[] {
  const names = commandNames(typed);
  if (typed.length > 0) return names;
  return isHelp
    ? [...names, ...ERROR_CODES.map((text) => ({ text }))]
    : [...names, { text: 'help', description: 'Show the help of a command, or what an error means' }];
}

/** The next words of the commands that begin with the typed ones. */
function commandNames(typed: readonly string[]): readonly Candidate[] {
  const next = COMMANDS.filter(({ name }) => typed.every((word, index) => name.split(' ')[index] === word)).flatMap(
    ({ name, summary }) => {
      const [text, ...rest] = name.split(' ').slice(typed.length);
      return text === undefined ? [] : [{ text, description: rest.length > 0 ? '' : summary }];
    },
  );
  return [...new Map(next.map((candidate) => [candidate.text, candidate])).values()];
}

interface Asked {
  readonly words: readonly string[];
  readonly context: CommandContext;
}

/** `--tar` or `--progress=pl`. */
async function completionOfFlag(command: Command, typed: string, asked: Asked): Promise<Completion> {
  const equals = typed.indexOf('=');
  if (equals < 0) return { kind: 'words', candidates: visibleOptions(command).flatMap(flagCandidate) };
  const name = typed.slice(0, equals);
  const option = command.options.find(({ long }) => long === name);
  const values = option?.required ? await valuesOf(option, { command, ...asked }) : undefined;
  if (values?.kind !== 'words') return values ?? { kind: 'words', candidates: [] };
  return { kind: 'words', candidates: values.candidates.map((value) => ({ ...value, text: `${name}=${value.text}` })) };
}

function flagCandidate({ long, short, description }: Option): Candidate[] {
  return [long ?? short].filter((text) => text !== undefined && text !== null).map((text) => ({ text, description }));
}

/** Placeholders say what a value is: `<path>` a file, `<image>` an image, `<stage>` a stage of the Dockerfile. */
function valuesOf(option: Option, asked: Asked & { readonly command: Command }): Completion {
  if (option.argChoices) return { kind: 'words', candidates: option.argChoices.map((text) => ({ text })) };
  const placeholder = /<([a-z]+)/.exec(option.flags)?.[1] ?? '';
  if (placeholder.startsWith('stage'))
    return { kind: 'words', candidates: stageNames(asked).map((text) => ({ text })) };
  return byPlaceholder(placeholder, asked.context);
}

function argumentValues(argument: Argument, context: CommandContext): Completion {
  if (argument.argChoices) return { kind: 'words', candidates: argument.argChoices.map((text) => ({ text })) };
  return byPlaceholder(argument.name(), context);
}

function byPlaceholder(placeholder: string, context: CommandContext): Completion {
  switch (placeholder) {
    case 'path':
    case 'file':
    case 'files':
    case 'archive':
    case 'rootfs':
    case 'source':
      return { kind: 'files' };
    case 'context':
    case 'destination':
    case 'directory':
    case 'folder':
      return { kind: 'directories' };
    case 'image':
    case 'images':
    case 'name':
      return { kind: 'words', candidates: imageNames(context).map((text) => ({ text })) };
    default:
      return { kind: 'words', candidates: [] };
  }
}
