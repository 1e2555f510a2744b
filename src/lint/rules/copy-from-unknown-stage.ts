import { nearest } from '../../diagnostics/suggest.ts';
import type { Rule } from '../rule.ts';
import { stageNamed } from '../subject/stage-use.ts';
import { stepsOf } from '../subject/steps.ts';

/** A name that is no stage is taken for an image or a named context, and then is not found, or is another one. */
export const copyFromUnknownStage: Rule = {
  name: 'copy-from-unknown-stage',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'COPY --from names something that is no stage, although one has nearly that name',
  hadolint: ['DL3022'],

  *check(subject) {
    for (const { step, stage } of stepsOf(subject, 'COPY')) {
      const flag = step.instruction.flags.find(({ name }) => name === 'from');
      const name = flag?.value;
      if (!flag || name === undefined || /[/:@.$]/.test(name)) continue;
      const named = stageNamed(name, subject.stages);
      const isLater = named !== undefined && named.index > stage.index;
      const names = subject.stages.slice(0, stage.index).flatMap((other) => other.name ?? []);
      const near = named ? undefined : nearest(name, names);
      if (!isLater && near === undefined) continue;
      const start = subject.text.offsetAt(flag.range.start);
      const edit = { start: start + '--from='.length, end: subject.text.offsetAt(flag.range.end), text: near ?? '' };
      yield {
        message: isLater
          ? `The stage ${name} stands below: here the name means an image.`
          : `There is no stage ${name} above.`,
        range: flag.range,
        hint: near ? `Did you mean ${near}?` : 'Move that stage above this one.',
        fix: near ? { title: `Write ${near}`, safety: 'suggested', edits: [edit] } : undefined,
      };
    }
  },
};
