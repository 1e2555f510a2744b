import { KnownError } from '../../../diagnostics/known-error.ts';
import { nearest } from '../../../diagnostics/suggest.ts';
import type { StagePlan, StageTable } from './stage-plan.ts';
import { findStage } from './stage-plan.ts';

/** The stage that --target names, in any case; the last one of the Dockerfile unless told. @throws KnownError TARGET_MISSING */
export function targetStage(stages: StageTable, name: string | undefined): StagePlan {
  const own = stages.filter((stage) => !stage.implicit);
  const target = name === undefined || name === '' ? own.at(-1) : findStage(own, name);
  if (target !== undefined) return target;
  const names = own.flatMap((stage) => stage.name ?? []);
  const meant = nearest(name ?? '', names);
  throw new KnownError('TARGET_MISSING', `There is no stage "${name}" to build.`, { hint: hint(names, meant) });
}

/** Numbers are no targets in BuildKit either: whoever gives one learns the names. */
function hint(names: readonly string[], meant: string | undefined): string {
  if (names.length === 0) return 'No stage has a name: leave --target away, or write FROM … AS name.';
  const list = `The stages are ${names.join(', ')}.`;
  return meant === undefined ? list : `Did you mean ${meant}? ${list}`;
}
