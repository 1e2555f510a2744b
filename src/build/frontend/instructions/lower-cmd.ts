import { checkJsonArgs } from '../checks/json-args-recommended.ts';
import { checkUsedOnce } from '../checks/multiple-instructions-disallowed.ts';
import { withConfig, withEmptyHistory } from '../stage/stage-state.ts';
import { goQuoteList } from '../value/go-format.ts';
import type { Lowering } from './lowering.ts';
import { commandArgv } from './shell-command.ts';

export const lowerCmd: Lowering<'CMD'> = (state, instruction, context) => {
  const next = checkUsedOnce(state, instruction, context);
  checkJsonArgs(state, instruction, context);
  const argv = commandArgv(state, instruction.command);
  return withEmptyHistory(withConfig(next, { Cmd: argv, ArgsEscaped: true }), `CMD ${goQuoteList(argv)}`);
};
