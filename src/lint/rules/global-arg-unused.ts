import type { Rule } from '../rule.ts';

/** BuildKit reads these itself, wherever they are declared. */
const READ_BY_BUILDKIT =
  /^(?:BUILDKIT_|SOURCE_DATE_EPOCH$|TARGET|BUILD(?:PLATFORM|OS|ARCH|VARIANT)$|(?:HTTPS?|FTP|NO|ALL)_PROXY$)/i;

/** An argument above the first FROM is for FROM alone; stages see it only where they declare it again. */
export const globalArgUnused: Rule = {
  name: 'global-arg-unused',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'An argument above the first FROM is used by no FROM and declared in no stage',

  *check({ dockerfile, stages }) {
    const { instructions } = dockerfile;
    const first = instructions.findIndex(({ kind }) => kind === 'FROM');
    const globals = instructions
      .slice(0, first)
      .flatMap((instruction) => (instruction.kind === 'ARG' ? instruction.args : []));
    const declared = new Set(
      instructions
        .slice(first)
        .flatMap((instruction) => (instruction.kind === 'ARG' ? instruction.args.map(({ name }) => name.text) : [])),
    );
    const texts = [...stages.map(({ from }) => from.original), ...globals.map(({ value }) => value?.text ?? '')].join(
      '\n',
    );
    for (const { name } of globals) {
      if (READ_BY_BUILDKIT.test(name.text) || declared.has(name.text)) continue;
      if (new RegExp(`\\$\\{?${name.text}\\b`).test(texts)) continue;
      yield {
        message: `${name.text} is used by no FROM and declared in no stage.`,
        range: name.range,
        hint: `Write ARG ${name.text} in the stage that needs it, or leave it out.`,
      };
    }
  },
};
