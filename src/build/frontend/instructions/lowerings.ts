import type { StageInstruction } from '../stage/stage-plan.ts';
import type { StageState } from '../stage/stage-state.ts';
import { lowerAdd } from './lower-add.ts';
import { lowerArg } from './lower-arg.ts';
import { lowerCmd } from './lower-cmd.ts';
import { lowerCopy } from './lower-copy.ts';
import { lowerEntrypoint } from './lower-entrypoint.ts';
import { lowerEnv } from './lower-env.ts';
import { lowerExpose } from './lower-expose.ts';
import { lowerHealthcheck } from './lower-healthcheck.ts';
import { lowerLabel } from './lower-label.ts';
import { lowerMaintainer } from './lower-maintainer.ts';
import { lowerOnbuild } from './lower-onbuild.ts';
import { lowerRun } from './lower-run.ts';
import { lowerShell } from './lower-shell.ts';
import { lowerStopsignal } from './lower-stopsignal.ts';
import { lowerUser } from './lower-user.ts';
import { lowerVolume } from './lower-volume.ts';
import { lowerWorkdir } from './lower-workdir.ts';
import type { InstructionContext, Lowering, StageInstructionKind } from './lowering.ts';

/** One lowering an instruction; a kind without one does not compile. */
const LOWERINGS: { readonly [Kind in StageInstructionKind]: Lowering<Kind> } = {
  ADD: lowerAdd,
  ARG: lowerArg,
  CMD: lowerCmd,
  COPY: lowerCopy,
  ENTRYPOINT: lowerEntrypoint,
  ENV: lowerEnv,
  EXPOSE: lowerExpose,
  HEALTHCHECK: lowerHealthcheck,
  LABEL: lowerLabel,
  MAINTAINER: lowerMaintainer,
  ONBUILD: lowerOnbuild,
  RUN: lowerRun,
  SHELL: lowerShell,
  STOPSIGNAL: lowerStopsignal,
  USER: lowerUser,
  VOLUME: lowerVolume,
  WORKDIR: lowerWorkdir,
};

/** The state after an instruction of any kind. */
export function lowerInstruction(
  state: StageState,
  instruction: StageInstruction,
  context: InstructionContext,
): StageState {
  // The table's type pairs each kind with its lowering; the compiler cannot follow that through an index.
  const lower = LOWERINGS[instruction.kind] as (
    state: StageState,
    instruction: StageInstruction,
    context: InstructionContext,
  ) => StageState;
  return lower(state, instruction, context);
}
