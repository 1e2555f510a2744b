import type { CopyInstruction, RunInstruction } from '../../dockerfile/ast.ts';
import type { Fix } from '../finding.ts';
import { insertBefore, removeInstruction } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { copiesBefore, copiesEverything, copiesFile } from '../subject/context-copies.ts';
import { type GoCommand, goCommands } from '../subject/go-build.ts';
import { type GoFiles, goFiles } from '../subject/go-files.ts';
import type { LintStep, LintSubject } from '../subject/lint-subject.ts';

/** Modules are downloaded again after each change of a source when all sources are copied first. */
export const goSourcesBeforeDownload: Rule = {
  name: 'go-sources-before-download',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'All sources are copied before go mod download, which then runs again after each change',

  *check(subject) {
    for (const command of goCommands(subject)) {
      if (command.verb !== 'mod download' || hasModuleCache(command)) continue;
      const copies = copiesBefore(command.stage, command.step);
      const whole = copies.find(copiesEverything);
      if (!whole || copies.some((copy) => copy !== whole && copiesFile(copy, 'go.mod'))) continue;
      yield {
        message: `${whole.instruction.original.split('\n')[0]} stands before go mod download: any changed file downloads every module again.`,
        range: whole.instruction.range,
        hint: 'Copy go.mod and go.sum, download, and copy the sources after that.',
        fix: splitFix(subject, whole, command),
      };
    }
  },
};

/** A mount keeps the modules, whatever ran before. */
function hasModuleCache({ mounts, env }: GoCommand): boolean {
  const dir = env.get('GOMODCACHE') ?? '/pkg/mod';
  return mounts.some(({ type, target = '' }) => type === 'cache' && (target.endsWith(dir) || target === '/go'));
}

/** Only where the download is a RUN of its own, right behind the COPY, and both stand in one stage. */
function splitFix(subject: LintSubject, whole: LintStep<CopyInstruction>, command: GoCommand): Fix | undefined {
  const { step, stage } = command;
  const at = stage.steps.indexOf(whole);
  const files = goFiles(subject.context);
  const isPlain = whole.instruction.sources.length === 1 && whole.instruction.flags.length === 0;
  if (at < 0 || stage.steps[at + 1] !== step || step.commands.length !== 1 || !isPlain) return undefined;
  if (files.hasMod === false || files.hasWorkspace || whole.instruction.heredocs.length > 0) return undefined;
  return {
    title: 'Copy go.mod and go.sum and download before the sources',
    safety: files.hasMod && !files.hasLocalReplace ? 'safe' : 'suggested',
    edits: [
      insertBefore(subject, whole.instruction, [copyOfModule(whole, files), textOf(subject, step)]),
      removeInstruction(subject, step.instruction),
    ],
  };
}

function copyOfModule({ instruction }: LintStep<CopyInstruction>, { hasSum }: GoFiles): string {
  const { text } = instruction.destination;
  const folder = text.endsWith('/') || text === '.' ? text : `${text}/`;
  return `COPY go.mod ${hasSum === false ? '' : 'go.sum '}${folder === '.' ? './' : folder}`;
}

function textOf({ text }: LintSubject, { instruction }: LintStep<RunInstruction>): string {
  return text.slice(instruction.range);
}
