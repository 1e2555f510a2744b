import type { Rule } from '../rule.ts';
import { baseTraits } from '../subject/base-traits.ts';
import { lineageSteps } from '../subject/lineage.ts';
import type { LintStage } from '../subject/lint-subject.ts';
import { expandKnown } from '../subject/stage-steps.ts';
import { stepsOf } from '../subject/steps.ts';

/** A name is looked up in the image's own passwd file; without one the container does not start. */
export const userNotInPasswd: Rule = {
  name: 'user-not-in-passwd',
  family: 'production',
  severity: 'error',
  level: 'default',
  summary: 'USER names a user that the image does not have',

  *check(subject) {
    for (const { step, stage } of stepsOf(subject, 'USER')) {
      const { user } = step.instruction;
      const [name = ''] = expandKnown(user.text, step.variables).split(':');
      const base = baseTraits(stage.rootBase);
      // Images with a shell may get users in ways that nobody sees here.
      if (base?.hasShell !== false || !base.users || name === '' || /^\d+$|\$/.test(name)) continue;
      if (base.users.has(name) || bringsPasswd(stage)) continue;
      const known = [...base.users.keys()].join(', ');
      yield {
        message: `${base.title} has no user "${name}"${known === '' ? ', and no passwd file at all' : ''}.`,
        range: user.range,
        hint: `Write a number, such as USER 65532:65532${known === '' ? '' : `, or one of: ${known}`}.`,
      };
    }
  },
};

function bringsPasswd(stage: LintStage): boolean {
  return lineageSteps(stage, 'COPY', 'ADD').some(({ step: { instruction } }) =>
    [...instruction.sources, instruction.destination].some(({ text }) =>
      /passwd|^\/?$|\/etc\/?$|rootfs|\.tar/.test(text),
    ),
  );
}
