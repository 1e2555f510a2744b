import type { CommandLine } from '../../../dockerfile/ast.ts';
import type { StageState } from '../stage/stage-state.ts';

/** The argv of a command: the exec form as it is, the shell form in the stage's SHELL or its system's default. */
export function commandArgv(state: StageState, command: CommandLine): readonly string[] {
  return command.form === 'exec' ? command.argv : inShell(state, command.command);
}

export function inShell(state: StageState, script: string): readonly string[] {
  const shell = state.config.Shell ?? [];
  return [...(shell.length > 0 ? shell : defaultShell(state.platform.os)), script];
}

function defaultShell(os: string): readonly string[] {
  return os === 'windows' ? ['cmd', '/S', '/C'] : ['/bin/sh', '-c'];
}
