import type { Fix } from '../finding.ts';
import { insertBefore } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { type BaseTraits, baseTraits } from '../subject/base-traits.ts';
import { imageUser, isRoot } from '../subject/image-user.ts';
import { lineageSteps, type PlacedStep, startStep } from '../subject/lineage.ts';
import type { LintSubject } from '../subject/lint-subject.ts';
import { isForDevelopment } from '../subject/stage-purpose.ts';

/** A fault in the program is then root's fault: in the container, and on whatever is mounted into it. */
export const runAsRoot: Rule = {
  name: 'run-as-root',
  family: 'production',
  severity: 'warning',
  level: 'default',
  summary: 'The program runs as root',
  hadolint: ['DL3002'],

  *check(subject) {
    const { target } = subject;
    const { name, placed } = imageUser(target);
    const command = startStep(subject);
    // Without a command of its own it is a base for others, or a carrier of files.
    if (!command || !isRoot(name) || isForDevelopment(subject, target) || dropsRoot(subject)) return;
    const base = baseTraits(target.rootBase);
    yield {
      message: placed
        ? `USER ${name} is the last: the program runs as root.`
        : `No USER is set, and ${base?.title} runs as root.`,
      range: placed?.step.instruction.range ?? target.from.image.range,
      hint: 'Add USER with a number (USER 65532:65532), so that Kubernetes can check that it is not root.',
      // With nothing else in the image there is little that root could do in it.
      ...(base?.hasShell === false && { severity: 'info' }),
      fix: placed ? undefined : userFix(subject, base, command),
    };
  },
};

/** Its command, or a script, changes the user itself. */
function dropsRoot({ target }: LintSubject): boolean {
  const commands = lineageSteps(target, 'RUN', 'ENTRYPOINT', 'CMD').flatMap(({ step }) => step.commands);
  return commands.some(({ name, args }) => [name, ...args.map(({ text }) => text)].some((word) => DROPPING.test(word)));
}

const DROPPING = /(?:^|\/)(?:gosu|su-exec|setpriv|chpst|s6-setuidgid)(?:$|[=~])/;

/** Only where no file needs another owner: what there is was copied, and can be read by everybody. */
function userFix(subject: LintSubject, base: BaseTraits | undefined, { step, stage }: PlacedStep): Fix | undefined {
  if (base?.hasShell !== false || stage !== subject.target) return undefined;
  const edits = [insertBefore(subject, step.instruction, ['USER 65532:65532'])];
  return { title: 'Run as user 65532', safety: 'suggested', edits };
}
