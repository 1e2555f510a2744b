import { fixOf, removeInstruction } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { contextCopies, copiesEverything, copiesFile } from '../subject/context-copies.ts';
import { flagOf, type GoCommand, goCommandsOf, isBuild } from '../subject/go-build.ts';
import { goFiles } from '../subject/go-files.ts';
import { lineage } from '../subject/lineage.ts';
import type { LintStage, LintSubject } from '../subject/lint-subject.ts';

/** go build takes vendor/ where it is complete (Go 1.14 and later), and does not look at what was downloaded. */
export const goDownloadDespiteVendor: Rule = {
  name: 'go-download-despite-vendor',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'Modules are downloaded, although the build takes them from the vendor directory',

  *check(subject) {
    for (const stage of subject.stages) {
      const commands = lineage(stage).flatMap(goCommandsOf);
      const builds = commands.filter(isBuild);
      if (builds.length === 0 || !builds.every((build) => usesVendor(subject, stage, build))) continue;
      for (const download of goCommandsOf(stage)) {
        // With names it fetches something else than what the build needs.
        if (download.verb !== 'mod download' || download.operands.length > 0) continue;
        const isAlone = download.step.commands.length === 1;
        yield {
          message: 'go mod download fetches what go build takes from vendor/.',
          range: subject.text.rangeOf(download.command.start, download.command.end),
          hint: 'Leave the download away, or hide vendor/ by .dockerignore.',
          fix: isAlone
            ? fixOf('Remove the download', 'suggested', removeInstruction(subject, download.step.instruction))
            : undefined,
        };
      }
    }
  },
};

/** The flag says so; or the directory is there, and nothing says otherwise. */
function usesVendor(subject: LintSubject, stage: LintStage, build: GoCommand): boolean {
  const mode = flagOf(build, 'mod')?.value ?? /(?:^|\s)-mod[= ](\w+)/.exec(build.env.get('GOFLAGS') ?? '')?.[1];
  if (mode !== undefined) return mode === 'vendor';
  const { hasVendor, hasWorkspace, file } = goFiles(subject.context);
  if (!hasVendor || hasWorkspace || !isSince114(file?.goVersion?.version)) return false;
  const copies = lineage(stage).flatMap(contextCopies);
  return copies.some((copy) => copiesEverything(copy) || copiesFile(copy, 'vendor'));
}

function isSince114(version: string | undefined): boolean {
  const [major = 0, minor = 0] = version?.split('.').map(Number) ?? [];
  return major > 1 || minor >= 14;
}
