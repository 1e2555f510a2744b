import { assertNever } from '../diagnostics/assert-never.ts';
import type { CommandLine, Flag, Heredoc, Instruction, KeyValue, Word } from './ast.ts';
import { isAsciiSpace, isBlank, trimSpace } from './white-space.ts';

/** An instruction as text: one line, and the documents of its heredocs, each behind a newline. */
export interface PrintedInstruction {
  readonly line: string;
  readonly documents: string;
}

/** Prints an instruction from its fields alone, `original` aside. Words are put as they are: whoever made them quoted them. */
export function printInstruction(instruction: Instruction, escapeToken: string): PrintedInstruction {
  const flags = instruction.flags.map((flag) => printFlag(flag, escapeToken));
  const args = printArguments(instruction, escapeToken);
  const end = args.startsWith('--') ? ['--'] : [];
  const parts = [instruction.keyword, ...flags, ...end, args].filter((part) => part !== '');
  return { line: parts.join(' '), documents: printDocuments(instruction) };
}

/** The documents of an instruction's heredocs as they follow its line. */
export function printDocuments(instruction: Instruction): string {
  const inner = instruction.kind === 'ONBUILD' ? instruction.trigger : instruction;
  return heredocsOf(inner)
    .map(({ raw, content, name }) => `\n${raw ?? content}${name}`)
    .join('');
}

function heredocsOf(instruction: Instruction): readonly Heredoc[] {
  if (instruction.kind === 'COPY' || instruction.kind === 'ADD') return instruction.heredocs;
  return instruction.kind === 'RUN' && instruction.command.form === 'shell' ? instruction.command.heredocs : [];
}

function printArguments(instruction: Instruction, escapeToken: string): string {
  switch (instruction.kind) {
    case 'FROM':
      return instruction.stageName
        ? `${instruction.image.text} AS ${instruction.stageName.text}`
        : instruction.image.text;
    case 'ARG':
      return instruction.args.map(({ name, value }) => (value ? `${name.text}=${value.text}` : name.text)).join(' ');
    case 'ENV':
    case 'LABEL':
      return instruction.pairs.map(printPair).join(' ');
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
      return printCommand(instruction.command);
    case 'HEALTHCHECK':
      return instruction.command ? `CMD ${printCommand(instruction.command)}` : 'NONE';
    case 'COPY':
    case 'ADD':
      return printSources(instruction, escapeToken);
    case 'VOLUME':
      return printList(instruction.paths, escapeToken);
    case 'EXPOSE':
      return instruction.ports.map((port) => port.text).join(' ');
    case 'SHELL':
      return printJson(instruction.argv);
    case 'WORKDIR':
      return instruction.path.text;
    case 'USER':
      return instruction.user.text;
    case 'STOPSIGNAL':
      return instruction.signal.text;
    case 'MAINTAINER':
      return instruction.name.text;
    case 'ONBUILD':
      return printInstruction(instruction.trigger, escapeToken).line;
    default:
      return assertNever(instruction);
  }
}

function printFlag({ name, value }: Flag, escapeToken: string): string {
  if (value === undefined) return `--${name}`;
  const needsEscape = (char: string): boolean =>
    isAsciiSpace(char) || char === '"' || char === "'" || char === escapeToken;
  return `--${name}=${[...value].map((char) => (needsEscape(char) ? escapeToken + char : char)).join('')}`;
}

function printPair({ key, value, legacy }: KeyValue): string {
  return legacy ? `${key.text} ${value.text}` : `${key.text}=${value.text}`;
}

function printCommand(command: CommandLine): string {
  return command.form === 'exec' ? printJson(command.argv) : command.command;
}

function printSources(
  { sources, heredocs, destination }: Extract<Instruction, { kind: 'COPY' | 'ADD' }>,
  escapeToken: string,
): string {
  if (heredocs.length === 0) return printList([...sources, destination], escapeToken);
  return [...sources.map(({ text }) => text), ...heredocs.map(printHeredocWord), destination.text].join(' ');
}

function printHeredocWord({ name, expand, chomp, fd }: Heredoc): string {
  const quoted = name.includes("'") ? `"${name.replace(/["$\\]/g, '\\$&')}"` : `'${name}'`;
  const delimiter = expand ? name.replace(/["'$\\\s]/g, '\\$&') : quoted;
  return `${fd === 0 ? '' : fd}<<${chomp ? '-' : ''}${delimiter}`;
}

/** In words where that reads back the same, else in JSON form. */
function printList(words: readonly Word[], escapeToken: string): string {
  const plain = words.map(({ text }) => text);
  const joined = plain.join(' ');
  const isSafe = plain.every((text) => text !== '' && ![...text].some(isBlank)) && trimSpace(joined) === joined;
  return isSafe && !joined.startsWith('[') && !joined.endsWith(escapeToken) ? joined : printJson(plain);
}

function printJson(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(', ')}]`;
}
