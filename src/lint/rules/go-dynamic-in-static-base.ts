import type { Fix } from '../finding.ts';
import { insertAt } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { stageTraits } from '../subject/base-traits.ts';
import type { GoCommand } from '../subject/go-build.ts';
import { linkage } from '../subject/go-cgo.ts';
import { startStep } from '../subject/lineage.ts';
import type { LintSubject } from '../subject/lint-subject.ts';
import { shippedBinaries } from '../subject/shipped-binaries.ts';

/** With cgo on, net and os/user link against the C library, which such a base does not have. */
export const goDynamicInStaticBase: Rule = {
  name: 'go-dynamic-in-static-base',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'The binary may need a C library, and the image has none',

  *check(subject) {
    for (const stage of subject.stages) {
      const base = stageTraits(stage);
      if (!stage.isShipped || !isStarted(subject) || stage.base.kind === 'stage' || base?.libc !== 'none') continue;
      for (const { build, copy } of shippedBinaries(subject, stage)) {
        if (linkage(build) !== 'dynamic' || bringsLibraries(subject, stage.index)) continue;
        const { verbWord, command } = build;
        yield {
          message: `go ${build.verb} with cgo links against the C library, and ${base.title} (line ${copy.step.instruction.range.start.line}) has none: exec fails with "no such file or directory".`,
          range: subject.text.rangeOf(command.nameWord?.start ?? verbWord.start, verbWord.end),
          hint: 'Set CGO_ENABLED=0; a program that really needs C wants a base with its library, such as distroless base.',
          fix: cgoFix(build),
        };
      }
    }
  },
};

/** Without a command it only carries files to other images. */
function isStarted(subject: LintSubject): boolean {
  return startStep(subject) !== undefined;
}

/** Somebody thought of the libraries. */
function bringsLibraries({ stages }: LintSubject, index: number): boolean {
  const steps = stages[index]?.steps ?? [];
  return steps.some(
    ({ instruction }) =>
      instruction.kind === 'COPY' &&
      instruction.sources.some(({ text }) => /^\/?(?:usr\/)?lib(?:64)?\/|\.so(?:\.|$)/.test(text)),
  );
}

function cgoFix({ env, command, isExec }: GoCommand): Fix | undefined {
  if (isExec || env.has('CGO_ENABLED') || !command.nameWord) return undefined;
  const edits = [insertAt(command.assignments[0]?.start ?? command.nameWord.start, 'CGO_ENABLED=0 ')];
  return { title: 'Set CGO_ENABLED=0', safety: 'suggested', edits };
}
