import type { Fix } from '../finding.ts';
import { insertAt } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { baseTraits } from '../subject/base-traits.ts';
import { flagOf, type GoCommand } from '../subject/go-build.ts';
import { lineageSteps } from '../subject/lineage.ts';
import type { LintSubject } from '../subject/lint-subject.ts';
import { shippedBinaries } from '../subject/shipped-binaries.ts';
import { shippedProgram } from '../subject/subject-module.ts';

/** time.LoadLocation reads files that small images do not have. */
export const missingTimeZones: Rule = {
  name: 'missing-time-zones',
  family: 'production',
  severity: 'warning',
  level: 'default',
  summary: 'The program loads time zones, and neither the image nor the binary has them',

  *check(subject) {
    const base = baseTraits(subject.target.rootBase);
    if (base?.hasTimeZones !== false) return;
    const [binary] = shippedBinaries(subject, subject.target);
    const program = shippedProgram(subject);
    const [zone] = program?.timeZones ?? [];
    if (!binary || !zone || program?.embedsTimeZones || bringsZones(subject)) return;
    if (/\btimetzdata\b|\$/.test(flagOf(binary.build, 'tags')?.value ?? '')) return;
    yield {
      message: `${zone.at.path}:${zone.at.line} loads a time zone, and ${base.title} has no zone files: time.LoadLocation fails.`,
      range: subject.target.from.image.range,
      hint: 'Build with -tags timetzdata (450 kB), which puts the zones into the binary, or add the package tzdata.',
      fix: tagFix(binary.build),
    };
  },
};

function bringsZones({ target }: LintSubject): boolean {
  return lineageSteps(target, 'COPY', 'ADD', 'RUN', 'ENV').some(({ step: { instruction } }) =>
    /tzdata|zoneinfo|rootfs|\/usr\/share\/?(?:\s|$)/i.test(instruction.original),
  );
}

function tagFix(build: GoCommand): Fix | undefined {
  if (build.isExec || flagOf(build, 'tags')) return undefined;
  const edits = [insertAt(build.verbWord.end, ' -tags timetzdata')];
  return { title: 'Build with -tags timetzdata', safety: 'suggested', edits };
}
