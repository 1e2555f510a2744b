import type { Flag, RunInstruction } from '../ast.ts';
import { parseDevice } from '../device.ts';
import { checkMount } from '../mount.ts';
import type { Statement } from '../statement.ts';
import { commandLine, missing } from './arguments.ts';
import { readFlags } from './flags.ts';
import type { FlagType, InstructionSyntax } from './instruction-syntax.ts';
import { invalid } from './instruction-syntax.ts';

const FLAGS: Readonly<Record<string, FlagType>> = {
  mount: 'list',
  network: 'string',
  security: 'string',
  device: 'list',
};

/**
 * The value of --mount is only half read here: its variables are expanded later, then parseMount reads it whole.
 * Without arguments it is a shell form with an empty command, which BuildKit runs.
 */
export const run: InstructionSyntax<RunInstruction> = {
  kind: 'RUN',
  flags: FLAGS,
  parse(statement) {
    for (const flag of readFlags(statement, FLAGS)) checkFlag(statement, flag);
    const command = commandLine(statement);
    if (command.form === 'exec' && command.argv.length === 0)
      throw missing(statement, 'a program', 'RUN ["/bin/true"]');
    return { kind: 'RUN', command };
  },
};

function checkFlag(statement: Statement, { name, value = '', range }: Flag): void {
  if (name === 'mount') checkMount(value, range);
  if (name === 'device') parseDevice(value, range);
  if (name === 'network') checkOneOf(statement, { name, value, range, allowed: ['default', 'none', 'host'] });
  if (name === 'security') checkOneOf(statement, { name, value, range, allowed: ['sandbox', 'insecure'] });
}

function checkOneOf(statement: Statement, flag: Flag & { readonly allowed: readonly string[] }): void {
  if (flag.allowed.includes(flag.value ?? '')) return;
  throw invalid(statement, `--${flag.name} cannot be "${flag.value}".`, {
    code: 'DOCKERFILE_INVALID_VALUE',
    range: flag.range,
    hint: `It is one of: ${flag.allowed.join(', ')}.`,
  });
}
