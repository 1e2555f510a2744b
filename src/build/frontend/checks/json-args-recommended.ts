import type { CmdInstruction, EntrypointInstruction } from '../../../dockerfile/ast.ts';
import type { StageState } from '../stage/stage-state.ts';
import type { FindingSink, Rule } from './rule.ts';
import { finding } from './rule.ts';

const RULE: Rule = { name: 'JSONArgsRecommended', page: 'json-args-recommended' };

/** The shell form, where no SHELL says that a shell is wanted. */
export function checkJsonArgs(
  state: StageState,
  instruction: CmdInstruction | EntrypointInstruction,
  sink: FindingSink,
): void {
  const shell = state.config.Shell ?? [];
  if (instruction.command.form === 'exec' || shell.length > 0) return;
  const message = `JSON arguments recommended for ${instruction.keyword} to prevent unintended behavior related to OS signals`;
  sink.report(finding(RULE, message, instruction.range));
}
