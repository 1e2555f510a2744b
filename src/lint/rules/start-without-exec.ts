import type { Rule } from '../rule.ts';
import { effectiveStep } from '../subject/lineage.ts';

const SHELL = /^(?:\/(?:usr\/)?bin\/)?(?:sh|ash|bash|dash)$/;
/** Between commands; a shell replaces itself with a command that stands alone. */
const LIST = /&&|\|\||[;|&\n]/;

/** The shell is process 1 then, gets SIGTERM, and does not pass it on. */
export const startWithoutExec: Rule = {
  name: 'start-without-exec',
  family: 'production',
  severity: 'warning',
  level: 'default',
  summary: 'The program is started by a shell that stays in front of it and keeps its signals',

  *check(subject) {
    for (const kind of ['ENTRYPOINT', 'CMD'] as const) {
      const command = effectiveStep(subject, kind)?.step.instruction.command;
      if (command?.form !== 'exec') continue;
      const [program = '', flag = '', script = ''] = command.argv;
      if (!SHELL.test(program) || !/^-[a-z]*c$/.test(flag) || !LIST.test(script)) continue;
      if (/\b(?:exec|trap|wait)\b/.test(script)) continue;
      yield {
        message: `${program} stays process 1 and gets the stop signal, which it does not pass on to what it started.`,
        range: command.range,
        hint: 'Write exec in front of the last command; run several services in a container each.',
      };
    }
  },
};
