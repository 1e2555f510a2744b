import { posix } from 'node:path';
import type { Rule } from '../rule.ts';
import { baseTraits } from '../subject/base-traits.ts';
import { copiedPaths } from '../subject/copied-paths.ts';
import { lineageSteps, startStep } from '../subject/lineage.ts';
import type { LintSubject } from '../subject/lint-subject.ts';
import { covers, shippedBinaries } from '../subject/shipped-binaries.ts';

/** The container does not start: what it should run lies elsewhere, or nowhere. */
export const entrypointNotInImage: Rule = {
  name: 'entrypoint-not-in-image',
  family: 'production',
  severity: 'error',
  level: 'default',
  summary: 'ENTRYPOINT or CMD runs a path where the image has nothing',

  *check(subject) {
    const placed = startStep(subject);
    const line = placed?.step.instruction.command;
    if (!placed || line?.form !== 'exec' || !holdsOnlyCopies(subject)) return;
    const [program = ''] = line.argv;
    const path = program.startsWith('/')
      ? program
      : program.includes('/')
        ? join(placed.step.workdir, program)
        : undefined;
    if (path === undefined || program.includes('$')) return;
    const copies = copiedPaths(subject, subject.target);
    if (copies.some(({ destination, source }) => destination === undefined || /[*?[$]/.test(source))) return;
    const targets = copies.flatMap(({ destination = '', source }) => [
      destination,
      posix.join(destination, posix.basename(source)),
    ]);
    // A folder may hold it, whatever its name.
    if (targets.some((target) => target !== '/' && covers(target, path)) || copiesTree(copies)) return;
    const [binary] = shippedBinaries(subject, subject.target);
    const target = binary?.target;
    if (binary && posix.basename(binary.output) !== posix.basename(path) && target === undefined) return;
    yield {
      message: `Nothing is at ${path}${target === undefined ? '' : `: the binary lies at ${target}`}.`,
      range: line.range,
      hint: target === undefined ? 'Copy the program to that path, or name the path it has.' : `Run ${target}.`,
    };
  },
};

/** Nothing but COPY puts files there: the base is empty, or has no programs. */
function holdsOnlyCopies({ target }: LintSubject): boolean {
  const base = baseTraits(target.rootBase);
  return base?.hasShell === false && base.libc === 'none' && lineageSteps(target, 'ADD', 'RUN').length === 0;
}

/** The content of a folder went to the root, as far as its name tells. */
function copiesTree(copies: ReturnType<typeof copiedPaths>): boolean {
  return copies.some(
    ({ source, destination, step }) =>
      (destination === '/' && /(?:\/|^\.|rootfs\/?|out\/?|dist\/?)$/.test(source)) ||
      step.instruction.heredocs.length > 0,
  );
}

function join(workdir: string | undefined, path: string): string | undefined {
  if (workdir?.includes('$')) return undefined;
  return posix.join(workdir ?? '/', path);
}
