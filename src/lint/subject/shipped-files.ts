import { posix } from 'node:path';
import type { ContextSource } from './copied-files.ts';
import { copiedPaths } from './copied-paths.ts';
import { absolutePath } from './destination-paths.ts';
import { lineage } from './lineage.ts';
import type { LintStage, LintSubject } from './lint-subject.ts';
import { covers } from './shipped-binaries.ts';

/** The image holds what a COPY of the context brings to a file: directly, or by COPY --from of where it was put. */
export function shipsFile(subject: LintSubject, source: ContextSource, file: string): boolean {
  const { stage, step, path } = source;
  if (stage.isShipped) return true;
  const destination = absolutePath(step.instruction.destination.text, step);
  if (destination === undefined || !stage.isNeeded) return false;
  const isBelow = path === '' || file.startsWith(`${path}/`);
  const landed = isBelow
    ? posix.join(destination, posix.relative(path, file))
    : posix.join(destination, posix.basename(file));
  return reachesImage(subject, stage, landed);
}

/** Stages refer to those above them only, so that this ends. */
function reachesImage(subject: LintSubject, stage: LintStage, path: string): boolean {
  if (stage.isShipped) return true;
  return subject.stages.some(
    (other) =>
      other.isNeeded &&
      copiedPaths(subject, other).some(
        ({ from, source, destination }) =>
          from !== undefined &&
          lineage(from).includes(stage) &&
          destination !== undefined &&
          covers(source, path) &&
          reachesImage(subject, other, posix.join(destination, posix.relative(source, path))),
      ),
  );
}
