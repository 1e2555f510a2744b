import { baseTraits } from './base-traits.ts';
import { lineageSteps, type PlacedStep } from './lineage.ts';
import type { LintStage } from './lint-subject.ts';
import { expandKnown } from './stage-steps.ts';

/** The user that a stage's image runs as. */
export interface ImageUser {
  /** Without the group; undefined where it hangs on a variable, or on a base that is not known. */
  readonly name: string | undefined;
  /** The USER that says so; undefined: the base. */
  readonly placed: PlacedStep | undefined;
}

export function imageUser(stage: LintStage): ImageUser {
  const placed = lineageSteps(stage, 'USER').at(-1);
  if (!placed) {
    const user = baseTraits(stage.rootBase)?.user;
    return { name: user, placed: undefined };
  }
  const text = expandKnown(placed.step.instruction.user.text, placed.step.variables);
  const [name = ''] = text.split(':');
  return { name: name === '' || name.includes('$') ? undefined : name, placed };
}

export function isRoot(user: string | undefined): boolean {
  return user === 'root' || user === '0';
}
