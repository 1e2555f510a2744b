import { withConfig } from '../stage/stage-state.ts';
import type { Lowering } from './lowering.ts';

/** Only kept, for builds from this image and for stages from this one (see `on-build.ts`); BuildKit writes no history. */
export const lowerOnbuild: Lowering<'ONBUILD'> = (state, instruction) =>
  withConfig(state, { OnBuild: [...(state.config.OnBuild ?? []), instruction.expression] });
