import { checkJsonArgs } from '../checks/json-args-recommended.ts';
import { checkUsedOnce } from '../checks/multiple-instructions-disallowed.ts';
import { withConfig, withEmptyHistory } from '../stage/stage-state.ts';
import { goQuoteList } from '../value/go-format.ts';
import type { Lowering } from './lowering.ts';
import { commandArgv } from './shell-command.ts';

/** Clears a Cmd that is inherited: it was meant for another program. One of this stage stays. */
export const lowerEntrypoint: Lowering<'ENTRYPOINT'> = (state, instruction, context) => {
  const next = checkUsedOnce(state, instruction, context);
  checkJsonArgs(state, instruction, context);
  const argv = commandArgv(state, instruction.command);
  const cmd = state.lastOf.CMD === undefined ? null : state.config.Cmd;
  const config = { Entrypoint: argv, ...(cmd === undefined ? {} : { Cmd: cmd }) };
  return withEmptyHistory(withConfig(next, config), `ENTRYPOINT ${goQuoteList(argv)}`);
};
