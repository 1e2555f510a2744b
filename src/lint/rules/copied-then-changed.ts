import type { AddInstruction, CopyInstruction, RunInstruction } from '../../dockerfile/ast.ts';
import { type ShellCommand, wrappedCommand } from '../../shell/shell-command.ts';
import type { Fix } from '../finding.ts';
import { fixOf, removeInstruction } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { parseArgs } from '../subject/command-line.ts';
import { absolutePath, destinationPaths } from '../subject/destination-paths.ts';
import type { LintStage, LintStep, LintSubject } from '../subject/lint-subject.ts';
import { stepsIn } from '../subject/steps.ts';

/** A layer holds a whole copy of each file whose mode or owner it changes. */
export const copiedThenChanged: Rule = {
  name: 'copied-then-changed',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'The mode or owner of copied files is changed by a RUN, which stores them a second time',

  *check(subject) {
    for (const stage of subject.stages) {
      if (!stage.isShipped) continue;
      for (const step of stepsIn(stage, 'RUN')) {
        for (const command of step.commands.map(wrappedCommand)) {
          if (command.name !== 'chmod' && command.name !== 'chown') continue;
          const copy = copyOf(command, step, stage);
          if (!copy || isGivenAnyhow(command, copy.step)) continue;
          const flag = command.name === 'chmod' ? '--chmod' : '--chown';
          yield {
            message: `${command.name} stores ${copy.paths.join(', ')} a second time${command.name === 'chmod' ? ', unless the mode is that already' : ''}.`,
            range: subject.text.rangeOf(command.start, command.end),
            hint: `Give ${copy.step.instruction.keyword} the flag ${flag}.`,
            fix: fixFor(subject, stage, { run: step, command, copy: copy.step }),
          };
        }
      }
    }
  },
};

/** COPY makes files of root where nothing is said: builders store no change that is none. */
function isGivenAnyhow(command: ShellCommand, { instruction: { flags } }: Copy['step']): boolean {
  if (command.name !== 'chown' || flags.some(({ name }) => name === 'chown')) return false;
  return /^(?:root|0)?(?::(?:root|0)?)?$/.test(parseArgs(command).operands[0]?.text ?? '');
}

interface Copy {
  readonly step: LintStep<CopyInstruction | AddInstruction>;
  readonly paths: readonly string[];
}

/** The COPY that made all that the command names. */
function copyOf(command: ShellCommand, run: LintStep, stage: LintStage): Copy | undefined {
  const [, ...targets] = parseArgs(command).operands;
  const paths = targets.flatMap(({ text }) => absolutePath(text, run) ?? []);
  if (paths.length === 0 || paths.length < targets.length) return undefined;
  const above = stepsIn(stage, 'COPY', 'ADD').filter((step) => stage.steps.indexOf(step) < stage.steps.indexOf(run));
  const step = above.find((candidate) =>
    paths.every((path) => destinationPaths(candidate).some((copied) => copied.path === path)),
  );
  return step && { step, paths };
}

/** Only where RUN does nothing else, and the flag says exactly the same. */
function fixFor(
  subject: LintSubject,
  stage: LintStage,
  {
    run,
    command,
    copy,
  }: { readonly run: LintStep<RunInstruction>; readonly command: ShellCommand; readonly copy: Copy['step'] },
): Fix | undefined {
  const { flags, operands } = parseArgs(command);
  const [mode] = operands;
  const flag = command.name === 'chmod' ? 'chmod' : 'chown';
  const isNext = stage.steps.indexOf(run) === stage.steps.indexOf(copy) + 1;
  const isWhole = destinationPaths(copy).length === operands.length - 1 && run.commands.length === 1;
  const isSaid = copy.instruction.flags.some(({ name }) => name === flag || name === 'link');
  const isRecursive = flags.length === 0 || (flag === 'chown' && flags.every(({ text }) => text === '-R'));
  const value = mode && (flag === 'chmod' ? octalOf(mode.text, copy) : mode.text);
  if (!isNext || !isWhole || isSaid || !isRecursive || !mode?.isLiteral || value === undefined) return undefined;
  if (flag === 'chown' && !/^[\w.-]+(?::[\w.-]+)?$/.test(value)) return undefined;
  const at = subject.text.offsetAt(copy.instruction.keywordRange.end);
  const removal = removeInstruction(subject, run.instruction);
  return fixOf(`Add --${flag}`, 'suggested', [{ start: at, end: at, text: ` --${flag}=${value}` }, ...removal]);
}

function octalOf(mode: string, copy: Copy['step']): string | undefined {
  if (/^0?[0-7]{3}$/.test(mode)) return mode;
  // What the source has besides is not known; 755 is what a program is meant to have.
  return /^a?\+x$/.test(mode) && copy.instruction.sources.length === 1 ? '755' : undefined;
}
