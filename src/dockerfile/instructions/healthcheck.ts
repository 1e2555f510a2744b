import type { HealthcheckInstruction } from '../ast.ts';
import { healthcheckTiming } from '../healthcheck-timing.ts';
import type { Span } from '../logical-line.ts';
import { spanOf } from '../logical-line.ts';
import type { Statement } from '../statement.ts';
import { isAsciiSpace } from '../white-space.ts';
import { commandLine, missing } from './arguments.ts';
import { readFlags } from './flags.ts';
import type { FlagType, InstructionSyntax } from './instruction-syntax.ts';
import { invalid } from './instruction-syntax.ts';

const EXAMPLE = 'HEALTHCHECK --interval=30s CMD ["/app", "health"]';
const FLAGS: Readonly<Record<string, FlagType>> = {
  interval: 'string',
  timeout: 'string',
  'start-period': 'string',
  'start-interval': 'string',
  retries: 'string',
};

/** With NONE the flags mean nothing and their values are not looked at. */
export const healthcheck: InstructionSyntax<HealthcheckInstruction> = {
  kind: 'HEALTHCHECK',
  flags: FLAGS,
  parse(statement) {
    const [type, rest] = splitType(statement);
    const command = commandLine(statement, rest);
    const isEmpty = command.form === 'exec' ? command.argv.length === 0 : command.command === '';
    if (type.text === '') throw missing(statement, 'CMD or NONE', EXAMPLE);
    if (type.text.toUpperCase() === 'NONE') {
      if (!isEmpty) throw invalid(statement, 'HEALTHCHECK NONE takes no arguments.', { at: rest });
      return { kind: 'HEALTHCHECK', command: undefined };
    }
    if (type.text.toUpperCase() !== 'CMD') {
      throw invalid(statement, `HEALTHCHECK is CMD or NONE, not "${type.text}".`, {
        at: type,
        hint: `For example: ${EXAMPLE}`,
      });
    }
    healthcheckTiming(readFlags(statement, FLAGS));
    if (isEmpty) throw missing(statement, 'a command behind CMD', EXAMPLE);
    return { kind: 'HEALTHCHECK', command };
  },
};

function splitType({ line, command: { args } }: Statement): readonly [Span, Span] {
  const isSpace = (at: number): boolean => isAsciiSpace(line.text.charAt(at));
  let end = args.start;
  while (end < args.end && !isSpace(end)) end++;
  let next = end;
  while (next < args.end && isSpace(next)) next++;
  return [spanOf(line, args.start, end), spanOf(line, next, args.end)];
}
