import { wrappedCommand } from '../../shell/shell-command.ts';
import type { Rule } from '../rule.ts';
import { isMountedAway, mountsOf } from '../subject/mounts.ts';
import { stepsOf } from '../subject/steps.ts';

/** The mount goes with the step; a copy of the file stays. */
export const secretMountCopied: Rule = {
  name: 'secret-mount-copied',
  family: 'secret',
  severity: 'error',
  level: 'default',
  summary: 'A mounted secret is copied to a file that stays in the layer',

  *check(subject) {
    for (const { step } of stepsOf(subject, 'RUN')) {
      const paths = mountsOf(step.instruction).flatMap(({ type, target, id, source }) =>
        type === 'secret' && (target ?? id ?? source) ? [target ?? `/run/secrets/${id ?? source}`] : [],
      );
      const commands = step.commands.map(wrappedCommand);
      for (const [index, command] of commands.entries()) {
        const words = command.args.map(({ text }) => text);
        const secret = words.find((word) => paths.includes(word));
        const isCopy = /^(?:cp|install|mv)$/.test(command.name) && words.at(-1) !== secret;
        const output =
          command.name === 'cat'
            ? command.redirections.find(({ operator }) => /^>>?$/.test(operator))?.target?.text
            : undefined;
        const copy = isCopy ? words.at(-1) : output;
        if (
          secret === undefined ||
          copy === undefined ||
          /^\/dev\//.test(copy) ||
          isMountedAway(step.instruction, copy)
        )
          continue;
        const isRemoved = commands
          .slice(index + 1)
          .some(({ name, args }) => /^(?:rm|shred)$/.test(name) && args.some(({ text }) => text === copy));
        if (isRemoved) continue;
        yield {
          message: `${command.name} writes the secret ${secret} to ${copy}, where it stays.`,
          range: subject.text.rangeOf(command.start, command.end),
          hint: `Mount it there: --mount=type=secret,id=…,target=${copy}.`,
        };
      }
    }
  },
};
