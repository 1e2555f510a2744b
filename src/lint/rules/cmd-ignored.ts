import type { Rule } from '../rule.ts';
import { stepsIn } from '../subject/steps.ts';

/** A shell-form ENTRYPOINT is `sh -c text`: what CMD adds becomes $0 of that shell, and is lost. */
export const cmdIgnored: Rule = {
  name: 'cmd-ignored',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'CMD is ignored, because ENTRYPOINT is in shell form',

  *check({ stages }) {
    for (const stage of stages) {
      const entrypoint = stepsIn(stage, 'ENTRYPOINT').at(-1)?.instruction;
      const cmd = stepsIn(stage, 'CMD').at(-1)?.instruction;
      if (entrypoint?.command.form !== 'shell' || !cmd || /\$[@*]/.test(entrypoint.command.command)) continue;
      if (cmd.command.form === 'exec' && cmd.command.argv.length === 0) continue;
      yield {
        message: 'The shell that ENTRYPOINT starts never looks at what CMD says.',
        range: cmd.range,
        hint: 'Write ENTRYPOINT as a JSON array: CMD then gives its arguments.',
      };
    }
  },
};
