import { fixOf } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { stepsOf } from '../subject/steps.ts';

/** The first word is the name of the program, blanks and all. */
export const execFormOneWord: Rule = {
  name: 'exec-form-one-word',
  family: 'practice',
  severity: 'error',
  level: 'default',
  summary: 'The exec form holds a whole command line in one word, which is then taken for the name of a program',

  *check(subject) {
    for (const { step } of stepsOf(subject, 'RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK')) {
      const { command, kind } = step.instruction;
      if (command?.form !== 'exec') continue;
      const [line = ''] = command.argv;
      // Behind an ENTRYPOINT it is an argument, and may be one text.
      if (
        command.argv.length !== 1 ||
        !/^[\w./-]+(?: +[\w./=:@,-]+)+$/.test(line) ||
        (kind === 'CMD' && hasEntrypoint(subject))
      )
        continue;
      const words = line.split(/ +/);
      const edit = {
        start: subject.text.offsetAt(command.range.start),
        end: subject.text.offsetAt(command.range.end),
        text: `[${words.map((word) => JSON.stringify(word)).join(', ')}]`,
      };
      yield {
        message: `There is hardly a program named ${JSON.stringify(line)}.`,
        range: command.range,
        hint: 'Write each argument as a word of its own.',
        fix: fixOf('Split the words', 'suggested', [edit]),
      };
    }
  },
};

function hasEntrypoint({
  dockerfile,
}: {
  readonly dockerfile: { readonly instructions: readonly { readonly kind: string }[] };
}): boolean {
  return dockerfile.instructions.some(({ kind }) => kind === 'ENTRYPOINT');
}
