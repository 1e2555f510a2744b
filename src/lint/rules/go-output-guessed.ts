import { posix } from 'node:path';
import type { SourceRange } from '../../diagnostics/source-range.ts';
import type { Finding } from '../finding.ts';
import { insertAt } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { type CopiedPath, copiedPaths } from '../subject/copied-paths.ts';
import { flagOf, type GoCommand, writesBinary } from '../subject/go-build.ts';
import { startStep } from '../subject/lineage.ts';
import type { LintSubject } from '../subject/lint-subject.ts';
import { buildsIn } from '../subject/shipped-binaries.ts';
import { stepsIn } from '../subject/steps.ts';
import { programOf } from '../subject/subject-module.ts';

/** Without -o, go names the binary: by the package's path, which in a module's root is the module's. */
export const goOutputGuessed: Rule = {
  name: 'go-output-guessed',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'go build without -o, and the image runs the binary by a name that is guessed',

  *check(subject) {
    const started = startedPath(subject);
    if (!started) return;
    const use = copyOf(started, subject) ?? { ...started, stage: subject.target };
    const builds = buildsIn(use.stage);
    const [build] = builds;
    // Of several builds nobody knows which one makes it.
    if (!build || builds.length > 1 || !isUnnamed(build) || build.dir !== posix.dirname(use.path)) return;
    const name = posix.basename(use.path);
    const known = nameOf(subject, build);
    if (known?.isPlain && known.name === name) return;
    if (isMadeOtherwise(build, name)) return;
    yield { ...messageFor(build, { path: use.path, name }, known), range: use.range, fix: fixFor(build, name) };
  },
};

interface UsedPath {
  /** Absolute. */
  readonly path: string;
  readonly range: SourceRange;
}

/** What ENTRYPOINT or CMD runs, where that is a path. */
function startedPath(subject: LintSubject): UsedPath | undefined {
  const placed = startStep(subject);
  const command = placed?.step.instruction.command;
  const [first] = placed?.step.commands ?? [];
  if (!command || !first?.name.includes('/') || first.name.includes('$')) return undefined;
  const { workdir } = placed.step;
  if (!first.name.startsWith('/') && !workdir?.startsWith('/')) return undefined;
  return { path: posix.join('/', first.name.startsWith('/') ? '' : (workdir ?? ''), first.name), range: command.range };
}

/** The COPY --from that brings it, and what that names in the other stage. */
function copyOf(
  started: UsedPath,
  subject: LintSubject,
): (UsedPath & { readonly stage: CopiedPath['stage'] }) | undefined {
  for (const { from, source, destination = '', isInto, word } of copiedPaths(subject, subject.target)) {
    if (!from || /[*?[$]/.test(source)) continue;
    const target = isInto ? posix.join(destination, posix.basename(source)) : destination;
    if (target === started.path) return { path: source, range: word.range, stage: from };
  }
  return undefined;
}

function isUnnamed(build: GoCommand): boolean {
  return build.verb === 'build' && flagOf(build, 'o') === undefined && writesBinary(build);
}

interface BinaryName {
  readonly name: string;
  /** The command itself says it, by a package's folder or a file. */
  readonly isPlain: boolean;
}

/** Go's documentation, "go build": the first file's name, or the last element of the package's path that is no major version. */
function nameOf(subject: LintSubject, build: GoCommand): BinaryName | undefined {
  const [operand = '.'] = build.operands.map(({ text }) => text);
  if (operand.includes('$')) return undefined;
  if (operand.endsWith('.go')) return { name: posix.basename(operand, '.go'), isPlain: true };
  const last = posix.basename(posix.normalize(operand));
  if (/^[\w-][\w.-]*$/.test(last) && !/^v\d+$/.test(last)) return { name: last, isPlain: true };
  const program = subject.module?.go.isCut ? undefined : programOf(build, subject);
  return program && { name: program.binary, isPlain: false };
}

function messageFor(
  { dir }: GoCommand,
  { path, name }: { readonly path: string; readonly name: string },
  known: BinaryName | undefined,
): Pick<Finding, 'message' | 'hint' | 'severity'> {
  const hint = `Name it: go build -o ${name}.`;
  if (!known)
    return {
      message: `${path} is a guess: go build without -o names the binary after the module's path in go.mod.`,
      hint,
    };
  const written = posix.join(dir ?? '/', known.name);
  if (known.name !== name)
    return { message: `Nothing is at ${path}: go build without -o writes ${written}.`, hint, severity: 'error' };
  return {
    message: `${path} is there only as long as go.mod calls the module so: go build without -o takes the name from it.`,
    hint,
    severity: 'info',
  };
}

/** Another command of the stage names it. */
function isMadeOtherwise({ stage, command }: GoCommand, name: string): boolean {
  return stepsIn(stage, 'RUN').some(({ commands }) =>
    commands.some(
      (other) =>
        other.start !== command.start &&
        (/^(?:make|\.\/|mage|task|sh|bash)/.test(other.name) ||
          other.args.some(({ text }) => posix.basename(text) === name)),
    ),
  );
}

function fixFor({ isExec, verbWord }: GoCommand, name: string): Finding['fix'] {
  if (isExec || !/^[\w.-]+$/.test(name)) return undefined;
  return { title: `Build with -o ${name}`, safety: 'suggested', edits: [insertAt(verbWord.end, ` -o ${name}`)] };
}
