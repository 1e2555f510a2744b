import { posix } from 'node:path';
import { type CopiedPath, copiedPaths, targetOfFile } from './copied-paths.ts';
import { type GoCommand, goCommandsOf, isBuild, namedOutput } from './go-build.ts';
import { lineage } from './lineage.ts';
import type { LintStage, LintSubject } from './lint-subject.ts';
import { remembered } from './remembered.ts';

/** A binary of Go that a COPY --from brings into a stage. */
export interface ShippedBinary {
  readonly build: GoCommand;
  /** Where the build put it. */
  readonly output: string;
  readonly copy: CopiedPath;
  /** Where it lies in the stage; undefined where that is not known. */
  readonly target: string | undefined;
}

/** The binaries in a stage whose build, output and way into it the Dockerfile's text tells. */
export function shippedBinaries(subject: LintSubject, stage: LintStage): readonly ShippedBinary[] {
  return shippedIn(stage, subject);
}

const shippedIn = remembered((stage: LintStage, subject: LintSubject): readonly ShippedBinary[] => {
  return copiedPaths(subject, stage).flatMap((copy) => {
    if (!copy.from) return [];
    return buildsIn(copy.from).flatMap((build) => {
      const output = namedOutput(build);
      if (output === undefined || !covers(copy.source, output)) return [];
      return [{ build, output, copy, target: targetOf(copy, output) }];
    });
  });
});

/** The builds whose results a stage's files hold. */
export function buildsIn(stage: LintStage): readonly GoCommand[] {
  return lineage(stage).flatMap((one) => goCommandsOf(one).filter(isBuild));
}

/** The path is the other one, or a folder above it. */
export function covers(path: string, other: string): boolean {
  const folder = path.replace(/\/+$/, '');
  return other === folder || other.startsWith(`${folder}/`);
}

function targetOf(copy: CopiedPath, output: string): string | undefined {
  if (copy.source.replace(/\/+$/, '') === output) return targetOfFile(copy);
  // The content of a folder goes into the destination.
  const { destination } = copy;
  return destination === undefined ? undefined : posix.join(destination, posix.relative(copy.source, output));
}
