import type { Rule } from '../rule.ts';
import { stageTraits } from '../subject/base-traits.ts';
import { linkage } from '../subject/go-cgo.ts';
import { lineageSteps } from '../subject/lineage.ts';
import type { LintStage } from '../subject/lint-subject.ts';
import { shippedBinaries } from '../subject/shipped-binaries.ts';

/** A binary linked against one C library does not start on the other. */
export const goLibcMismatch: Rule = {
  name: 'go-libc-mismatch',
  family: 'production',
  severity: 'warning',
  level: 'default',
  summary: 'The binary is linked against one C library and the image has another',

  *check(subject) {
    for (const stage of subject.stages) {
      const base = stageTraits(stage);
      if (!stage.isShipped || stage.base.kind === 'stage' || !base) continue;
      for (const { build, copy } of shippedBinaries(subject, stage)) {
        const from = stageTraits(build.stage);
        if (!from || !differ(from.libc, base.libc) || linkage(build) !== 'dynamic' || hasCompatibility(stage)) continue;
        yield {
          message: `cgo is on, so that net, os/user and C code link against ${from.libc} (${from.title}): such a binary does not start on ${base.libc} (${base.title}).`,
          range: copy.word.range,
          hint: `Build with CGO_ENABLED=0, or on ${base.libc === 'musl' ? 'golang:…-alpine' : 'golang on Debian'}, or ship a base with ${from.libc}.`,
        };
      }
    }
  },
};

function differ(a: string | undefined, b: string | undefined): boolean {
  return (a === 'glibc' && b === 'musl') || (a === 'musl' && b === 'glibc');
}

/** What makes binaries of the other library start, or may. */
function hasCompatibility(stage: LintStage): boolean {
  return lineageSteps(stage, 'RUN').some(({ step }) =>
    step.commands.some(
      ({ name, args }) =>
        name === 'ln' || args.some(({ text }) => /^(?:libc6-compat|gcompat|musl|glibc)(?:$|[=~-])|ld-linux/.test(text)),
    ),
  );
}
