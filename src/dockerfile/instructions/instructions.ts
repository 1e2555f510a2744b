/**
 * The table of instructions and the way from a statement to its node. An instruction is one file here, with its flags
 * and its parse function, and one line in the table; what several share is in arguments.ts, flags.ts and sources.ts.
 */
import { nearest } from '../../diagnostics/suggest.ts';
import type { Instruction, InstructionKind } from '../ast.ts';
import { rangeOf } from '../logical-line.ts';
import type { Statement } from '../statement.ts';
import { trimSpace } from '../white-space.ts';
import { add } from './add.ts';
import { arg } from './arg.ts';
import { cmd } from './cmd.ts';
import { copy } from './copy.ts';
import { entrypoint } from './entrypoint.ts';
import { env } from './env.ts';
import { expose } from './expose.ts';
import { readFlags } from './flags.ts';
import { from } from './from.ts';
import { healthcheck } from './healthcheck.ts';
import type { InstructionSyntax } from './instruction-syntax.ts';
import { invalid } from './instruction-syntax.ts';
import { label } from './label.ts';
import { maintainer } from './maintainer.ts';
import { onbuild } from './onbuild.ts';
import { run } from './run.ts';
import { shell } from './shell.ts';
import { stopsignal } from './stopsignal.ts';
import { user } from './user.ts';
import { volume } from './volume.ts';
import { workdir } from './workdir.ts';

type SyntaxTable = { readonly [K in InstructionKind]: InstructionSyntax<Extract<Instruction, { kind: K }>> };

export const INSTRUCTIONS: SyntaxTable = {
  ADD: add,
  ARG: arg,
  CMD: cmd,
  COPY: copy,
  ENTRYPOINT: entrypoint,
  ENV: env,
  EXPOSE: expose,
  FROM: from,
  HEALTHCHECK: healthcheck,
  LABEL: label,
  MAINTAINER: maintainer,
  ONBUILD: onbuild(parseStatement),
  RUN: run,
  SHELL: shell,
  STOPSIGNAL: stopsignal,
  USER: user,
  VOLUME: volume,
  WORKDIR: workdir,
};

/** Reads a statement by its keyword. Throws DOCKERFILE_UNKNOWN_INSTRUCTION and what the instruction's own syntax throws. */
export function parseStatement(statement: Statement): Instruction {
  const { line, command } = statement;
  const kind = command.keyword.text.toUpperCase();
  if (!isInstructionKind(kind)) throw unknownInstruction(statement);
  const syntax = INSTRUCTIONS[kind];
  const flags = readFlags(statement, syntax.flags);
  // The table pairs each kind with its own details, which the compiler cannot follow through the union.
  return {
    ...syntax.parse(statement),
    flags,
    comment: statement.comment,
    keyword: command.keyword.text,
    keywordRange: rangeOf(line, command.keyword),
    original: trimSpace(line.text.slice(command.keyword.start)),
    range: statement.range,
  } as Instruction;
}

function isInstructionKind(name: string): name is InstructionKind {
  return Object.hasOwn(INSTRUCTIONS, name);
}

function unknownInstruction(statement: Statement): Error {
  const { keyword } = statement.command;
  const near = nearest(keyword.text, Object.keys(INSTRUCTIONS));
  return invalid(statement, `There is no instruction "${keyword.text}".`, {
    at: keyword,
    code: 'DOCKERFILE_UNKNOWN_INSTRUCTION',
    hint: near ? `Did you mean ${near}?` : 'Is a backslash missing at the end of the line above?',
  });
}
