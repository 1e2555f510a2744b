import type { Rule } from '../rule.ts';
import { baseTraits } from '../subject/base-traits.ts';
import { imageUser, isRoot } from '../subject/image-user.ts';
import { lineageSteps } from '../subject/lineage.ts';
import type { LintStage } from '../subject/lint-subject.ts';
import { stepsIn } from '../subject/steps.ts';

/** Kubernetes does not look into passwd: with runAsNonRoot it refuses an image whose user is a name. */
export const userNotNumeric: Rule = {
  name: 'user-not-numeric',
  family: 'production',
  severity: 'info',
  level: 'strict',
  summary: 'USER is a name, of which Kubernetes cannot tell that it is not root',

  *check(subject) {
    const { name } = imageUser(subject.target);
    const step = stepsIn(subject.target, 'USER').at(-1);
    // Windows has no numbers for users.
    if (!step || name === undefined || /^\d+$|^Container(?:User|Administrator)$/i.test(name) || isRoot(name)) return;
    const { user } = step.instruction;
    const id = idOf(subject.target, name);
    const start = subject.text.offsetAt(user.range.start);
    const edits = [{ start, end: subject.text.offsetAt(user.range.end), text: `${id}:${id}` }];
    yield {
      message: `USER ${user.text} is a name: with runAsNonRoot Kubernetes refuses to start the container.`,
      range: user.range,
      hint:
        id === undefined
          ? 'Give the user a number when it is made, and write that number here.'
          : `Write USER ${id}:${id}.`,
      ...(id !== undefined &&
        !user.text.includes('$') && { fix: { title: `Write ${id}:${id}`, safety: 'suggested', edits } }),
    };
  },
};

/** From the base, or from the command that makes the user. */
function idOf(stage: LintStage, name: string): number | undefined {
  for (const { step } of lineageSteps(stage, 'RUN')) {
    for (const { name: program, args } of step.commands) {
      if (program !== 'adduser' && program !== 'useradd') continue;
      const words = args.map(({ text }) => text);
      const at = words.findIndex((word) => word === '-u' || word === '--uid');
      const inline = words.find((word) => word.startsWith('--uid='))?.slice('--uid='.length);
      const id = inline ?? (at < 0 ? undefined : words[at + 1]);
      if (words.includes(name) && id !== undefined && /^\d+$/.test(id)) return Number(id);
    }
  }
  return baseTraits(stage.rootBase)?.users?.get(name);
}
