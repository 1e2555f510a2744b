import type { RunInstruction } from '../../dockerfile/ast.ts';
import { appendCommand, fixOf } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import type { LintStep, LintSubject } from '../subject/lint-subject.ts';
import { isMountedAway } from '../subject/mounts.ts';
import { callsIn } from '../subject/package-managers.ts';
import { stepsOf } from '../subject/steps.ts';

const LISTS = '/var/lib/apt/lists';

/** Some twenty megabytes that nothing reads at run time. */
export const aptListsLeft: Rule = {
  name: 'apt-lists-left',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'The package lists of apt-get update stay in the image',
  hadolint: ['DL3009'],

  *check(subject) {
    for (const { step, stage } of stepsOf(subject, 'RUN')) {
      const calls = callsIn(step).filter(({ manager }) => manager.name === 'apt');
      const refresh = calls.find(({ action }) => action === 'refresh');
      if (!stage.isShipped || !refresh?.verb || isMountedAway(step.instruction, LISTS) || removesLists(step)) continue;
      if (!calls.some(({ action }) => action === 'install' || action === 'upgrade')) continue;
      const safety = laterNeedsLists(subject, step) ? 'suggested' : 'safe';
      yield {
        message: `The lists that ${refresh.command.name} ${refresh.verb.text} loads stay in this layer.`,
        range: subject.text.rangeOf(refresh.verb.start, refresh.verb.end),
        hint: `End the RUN with rm -rf ${LISTS}/*.`,
        fix: fixOf('Remove the lists in the same RUN', safety, appendCommand(subject, step, `rm -rf ${LISTS}/*`)),
      };
    }
  },
};

function removesLists({ instruction, commands }: LintStep<RunInstruction>): boolean {
  // A script of that name is for this.
  if (commands.some(({ name }) => /clean-?up/.test(name))) return true;
  const documents = instruction.command.form === 'shell' ? instruction.command.heredocs : [];
  const written = [instruction.original, ...documents.map(({ content }) => content)].join('\n');
  return /dist-?clean|\/var\/(?:lib\/)?(?:apt|\{)|\/apt\/lists|\/var\/lib\/\*/.test(
    written.replace(/--mount=\S+/g, ''),
  );
}

/** Some other RUN installs without an update of its own. */
function laterNeedsLists(subject: LintSubject, step: LintStep): boolean {
  for (const { step: other } of stepsOf(subject, 'RUN')) {
    const calls = callsIn(other).filter(({ manager }) => manager.name === 'apt');
    const isBare =
      calls.some(({ action }) => action === 'install') && !calls.some(({ action }) => action === 'refresh');
    if (other !== step && isBare) return true;
  }
  return false;
}
