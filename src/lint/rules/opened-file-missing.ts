import { posix } from 'node:path';
import type { OpenedPath } from '../../golang/module/go-module.ts';
import type { Rule } from '../rule.ts';
import { stageTraits } from '../subject/base-traits.ts';
import { copiedPaths, targetOfFile } from '../subject/copied-paths.ts';
import { lineageSteps, startStep } from '../subject/lineage.ts';
import type { LintSubject } from '../subject/lint-subject.ts';
import { covers, shippedBinaries } from '../subject/shipped-binaries.ts';
import { shippedProgram } from '../subject/subject-module.ts';

/** Programs mostly do without these; or they are mounted. */
const OPTIONAL =
  /(?:^|\/)\.env(?:\.|$)|(?:^|\/)(?:config|configs|conf|data|testdata|tmp|logs?)(?:\/|\.|$)|\.(?:log|pid|sock|db|ya?ml|toml|ini|json|pem|key|crt)$/i;

/** The program finds it in the repository, where it is started by hand, and not in the container. */
export const openedFileMissing: Rule = {
  name: 'opened-file-missing',
  family: 'production',
  severity: 'warning',
  level: 'default',
  summary: 'The program opens files of the repository that the image does not have',

  *check(subject) {
    const { target } = subject;
    const command = startStep(subject);
    const [binary] = shippedBinaries(subject, target);
    if (!command || !binary || !stageTraits(target) || subject.module?.go.isCut) return;
    // What a step writes, or a volume holds, is not seen.
    if (lineageSteps(target, 'ADD', 'VOLUME').length > 0) return;
    for (const opened of shippedProgram(subject)?.opened ?? []) {
      const found = opened.found;
      if (!found || OPTIONAL.test(opened.path) || isIn(subject, opened, command.step.workdir)) continue;
      yield {
        message: `${opened.at.path}:${opened.at.line} opens ${opened.path}, which the image does not have.`,
        range: binary.copy.step.instruction.range,
        hint: `Copy ${found.path} to where the program is started (WORKDIR), or build it in: //go:embed.`,
      };
    }
  },
};

/** Something may bring it: a COPY to its place, or above it, or a step that names it. */
function isIn(subject: LintSubject, { path }: OpenedPath, workdir: string | undefined): boolean {
  const folder = path.replace(/\/[^/]*[*?[].*$/, '');
  if (workdir?.includes('$')) return true;
  const place = posix.join('/', workdir ?? '/', folder);
  const binaries = shippedBinaries(subject, subject.target);
  const copies = copiedPaths(subject, subject.target).filter(
    (copy) => !binaries.some((binary) => binary.copy === copy || binary.output === copy.source),
  );
  const name = posix.basename(folder);
  return (
    copies.some((copy) => {
      const destination = targetOfFile(copy) ?? copy.destination;
      if (destination === undefined || copy.isForeign) return true;
      // Of a folder the content is copied, whose names are not looked at.
      return (
        covers(destination, place) ||
        covers(place, destination) ||
        (copy.isInto && covers(copy.destination ?? '/', place) && !/\.\w+$/.test(copy.source))
      );
    }) || lineageSteps(subject.target, 'RUN').some(({ step }) => step.instruction.original.includes(name))
  );
}
