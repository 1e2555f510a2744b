import type { RunInstruction } from '../../dockerfile/ast.ts';
import type { TextEdit } from '../finding.ts';
import { fixOf } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import type { LintStage, LintStep, LintSubject } from '../subject/lint-subject.ts';
import { callsIn } from '../subject/package-managers.ts';
import { stepsIn } from '../subject/steps.ts';

/** The layer of the lists stays cached while the list of packages changes: an old list then asks for files that are gone. */
export const aptUpdateAlone: Rule = {
  name: 'apt-update-alone',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'Package lists are loaded in a RUN of their own and grow old in the cache',

  *check(subject) {
    for (const stage of subject.stages) {
      for (const step of stepsIn(stage, 'RUN')) {
        const calls = callsIn(step).filter(({ manager }) => manager.name === 'apt' || manager.name === 'apk');
        const [refresh] = calls;
        if (!refresh?.verb || !calls.every(({ action }) => action === 'refresh')) continue;
        const next = stage.steps[stage.steps.indexOf(step) + 1];
        if (!laterInstalls(stage, step, refresh.manager.name)) continue;
        yield {
          message: `${refresh.command.name} ${refresh.verb.text} stands in a RUN of its own: the cache keeps its lists when packages are added below.`,
          range: subject.text.rangeOf(refresh.verb.start, refresh.verb.end),
          hint: 'Put update and install into one RUN.',
          fix: fixOf('Join it with the RUN below', 'suggested', joined(subject, step, next)),
        };
      }
    }
  },
};

function laterInstalls({ steps }: LintStage, step: LintStep, manager: string): boolean {
  const later = steps
    .slice(steps.indexOf(step) + 1)
    .flatMap((other) => (other.instruction.kind === 'RUN' ? callsIn(other) : []));
  const [first] = later.filter((call) => call.manager.name === manager);
  return first?.action === 'install' || first?.action === 'upgrade';
}

/** `RUN a` and `RUN b` become `RUN a && b`, where nothing stands between them. */
function joined(
  { text, dockerfile }: LintSubject,
  step: LintStep<RunInstruction>,
  next: LintStep | undefined,
): readonly TextEdit[] | undefined {
  if (next?.instruction.kind !== 'RUN') return undefined;
  const [first, second] = [step.instruction, next.instruction];
  if (first.flags.length > 0 || second.flags.length > 0) return undefined;
  if ([first, second].some(({ command }) => command.form !== 'shell' || command.heredocs.length > 0)) return undefined;
  const [start, end] = [text.offsetAt(first.command.range.end), text.offsetAt(second.command.range.start)];
  if (
    text.text.slice(start, text.offsetAt(second.range.start)).trim() !== '' ||
    /#|[;&]\s*$/.test(text.slice(first.command.range))
  )
    return undefined;
  return [{ start, end, text: ` ${dockerfile.escape}\n    && ` }];
}
