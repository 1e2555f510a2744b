import type { SourceRange } from '../../diagnostics/source-range.ts';
import { type ShellWord, wrappedCommand } from '../../shell/shell-command.ts';
import type { Finding } from '../finding.ts';
import { insertAfter } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { lineageSteps } from '../subject/lineage.ts';
import type { LintStage, LintStep, LintSubject } from '../subject/lint-subject.ts';
import { stepsOf } from '../subject/steps.ts';

const VERSION_NAME = /(?:^|_)(?:VERSION|VER|TAG|RELEASE|REVISION|COMMIT)$/;
/** `$NAME` or `${NAME}`; with an operator (`:-`, `:?`) the shell has an answer of its own. */
const USE = /(?<!\\)\$(?:([A-Z_][A-Z0-9_]*)|\{([A-Z_][A-Z0-9_]*)\})/g;

/** The address or the module is then named without its version, and means another file or none. */
export const versionArgUnset: Rule = {
  name: 'version-arg-unset',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'A download names its version by a variable that is not declared in this stage',

  *check(subject) {
    const globals = globalNames(subject);
    for (const { step, stage } of stepsOf(subject, 'RUN')) {
      const seen = new Set<string>();
      for (const { word, name } of versionsUsed(step)) {
        if (seen.has(name) || isOfBase(name, stage)) continue;
        seen.add(name);
        if (!globals.has(name) || isSet(name, stage, step)) continue;
        yield { ...undeclared(name, subject, stage), range: placeOf(word, step, subject) };
      }
    }
  },
};

function undeclared(name: string, subject: LintSubject, stage: LintStage): Omit<Finding, 'range'> {
  return {
    message: `${name} is empty here: an ARG before the first FROM holds for FROM lines only.`,
    hint: `Declare it in this stage too: ARG ${name}.`,
    fix: {
      title: `Declare ARG ${name} in the stage`,
      safety: 'suggested',
      edits: [insertAfter(subject, stage.from, [`ARG ${name}`])],
    },
  };
}

/** Names of ARG before the first FROM. */
function globalNames({ dockerfile: { instructions } }: LintSubject): ReadonlySet<string> {
  const first = instructions.findIndex(({ kind }) => kind === 'FROM');
  const args = instructions.slice(0, first).flatMap((one) => (one.kind === 'ARG' ? one.args : []));
  return new Set(args.map(({ name }) => name.text));
}

interface VersionUse {
  readonly word: ShellWord;
  readonly name: string;
}

/** In an address, or behind the @ of a module. */
function versionsUsed(step: LintStep): readonly VersionUse[] {
  return step.commands.flatMap((raw) => {
    const { name, args } = wrappedCommand(raw);
    const words = args.filter(({ text }) =>
      name === 'go' ? text.includes('@') : /^["']?(?:https?|ftp):\/\//.test(text),
    );
    return words.flatMap((word) =>
      // Behind the ? of an address it picks no file.
      [...word.text.replace(/(?<!\{\w*:)\?.*$/s, '').matchAll(USE)].flatMap(([, plain, braced]) => {
        const used = plain ?? braced ?? '';
        return VERSION_NAME.test(used) ? [{ word, name: used }] : [];
      }),
    );
  });
}

/** It has a value; or an ARG of the stage asks the build for one; or the step looks whether it has. */
function isSet(name: string, stage: LintStage, step: LintStep): boolean {
  const isHandled = new RegExp(`\\b${name}\\+?=|\\bread\\b|\\$\\{${name}:?[-?=+]|-[nz]\\s+"?\\$\\{?${name}\\b`);
  if (step.variables.get(name) || isHandled.test(step.instruction.original)) return true;
  const declaring = lineageSteps(stage, 'ARG', 'ENV').map(({ step: { instruction } }) => instruction);
  return declaring.some((one) =>
    one.kind === 'ENV'
      ? one.pairs.some(({ key }) => key.text === name)
      : one.args.some((arg) => arg.name.text === name),
  );
}

/** Images of a language say their version: GOLANG_VERSION, NODE_VERSION. One with a name nobody knows may say any. */
function isOfBase(name: string, { rootBase }: LintStage): boolean {
  if (rootBase.kind === 'scratch') return false;
  const image = rootBase.name.replace(/[@:][^/]*$/, '');
  const last = image.slice(image.lastIndexOf('/') + 1).toUpperCase();
  return image.includes('$') || name.startsWith(last.replace(/\W/g, '_'));
}

function placeOf(word: ShellWord, { instruction }: LintStep, { text }: LintSubject): SourceRange {
  const isExec = instruction.kind === 'RUN' && instruction.command.form === 'exec';
  return isExec ? instruction.range : text.rangeOf(word.start, word.end);
}
