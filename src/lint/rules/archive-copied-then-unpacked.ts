import { posix } from 'node:path';
import { wrappedCommand } from '../../shell/shell-command.ts';
import type { Rule } from '../rule.ts';
import { stepsIn } from '../subject/steps.ts';

const ARCHIVE = /\.(?:tar|tgz|tbz2?|txz|tar\.(?:gz|bz2|xz|zst))$/i;

/** The archive stays in its layer beside what was in it; ADD stores only the latter. */
export const archiveCopiedThenUnpacked: Rule = {
  name: 'archive-copied-then-unpacked',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'An archive is copied and then unpacked by a RUN, so that the image has both',
  hadolint: ['DL3010'],

  *check(subject) {
    for (const stage of subject.stages) {
      const copies = stepsIn(stage, 'COPY').filter(
        ({ instruction }) => !instruction.flags.some(({ name }) => name === 'from'),
      );
      for (const step of stepsIn(stage, 'RUN')) {
        for (const command of step.commands.map(wrappedCommand)) {
          if (
            command.name !== 'tar' ||
            !command.args.some(({ text }) => /^-?[a-zA-Z]*x|^--(?:extract|get)$/.test(text))
          )
            continue;
          const archive = command.args.find(({ text, isLiteral }) => isLiteral && ARCHIVE.test(text));
          const copy =
            archive &&
            copies.find((candidate) =>
              candidate.instruction.sources.some(({ text }) => posix.basename(text) === posix.basename(archive.text)),
            );
          if (!archive || !copy || stage.steps.indexOf(copy) > stage.steps.indexOf(step)) continue;
          yield {
            message: `${posix.basename(archive.text)} stays in the layer of the COPY above.`,
            range: subject.text.rangeOf(command.start, command.end),
            hint: 'Let ADD unpack it, or mount it: RUN --mount=type=bind.',
          };
        }
      }
    }
  },
};
