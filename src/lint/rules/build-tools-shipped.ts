import { wrappedCommand } from '../../shell/shell-command.ts';
import type { Rule } from '../rule.ts';
import { baseTraits } from '../subject/base-traits.ts';
import { lineageSteps, startStep } from '../subject/lineage.ts';
import type { LintStep, LintSubject } from '../subject/lint-subject.ts';
import { callsIn, type PackageCall } from '../subject/package-managers.ts';
import { isForDevelopment } from '../subject/stage-purpose.ts';

/** Names of apt, apk and dnf for what only a build calls; `make` and `git` are left out, as scripts call them too. */
const TOOL =
  /^(?:build-essential|build-base|alpine-sdk|gcc|g\+\+|gcc-c\+\+|clang|llvm|golang|golang-go|go|rust|cargo|cmake|autoconf|automake|musl-dev|libc6?-dev)(?:[-=~<>]\d\S*)?$/;
/** Programs that compile when the container runs. */
const COMPILES = /(?:^|\/)(?:go|make|gcc|cargo|air|dlv|sh|ash|bash|zsh|tail|sleep|jupyter\S*|R)$/;

/** They make the image large, and give whoever breaks in a compiler. */
export const buildToolsShipped: Rule = {
  name: 'build-tools-shipped',
  family: 'production',
  severity: 'warning',
  level: 'default',
  summary: 'Compilers and headers are installed into the image that ships',

  *check(subject) {
    if (!isForUsers(subject)) return;
    const steps = lineageSteps(subject.target, 'RUN').map(({ step }) => step);
    for (const [index, step] of steps.entries()) {
      for (const call of callsIn(step)) {
        const tools = toolsOf(call);
        const names = tools.map(({ text }) => text);
        const [first] = tools;
        // What compiles nothing brings them for later, as an image of tools does.
        if (!first || !steps.slice(index).some(compiles) || steps.slice(index).some((later) => removes(later, names)))
          continue;
        yield {
          message: `${call.command.name} installs ${names.join(', ')} into the image that ships.`,
          range: subject.text.rangeOf(first.start, first.end),
          hint: 'Build in a stage of its own and copy the result, or remove them in the same RUN (apk add --virtual, apt-get purge).',
        };
      }
    }
  },
};

const FOR_BUILDERS =
  /build|toolchain|compile|cross|(?:^|[-_.+/ ])(?:tests?|e2e|dev|develop|ci|docs?|hack|packaging)(?:$|[-_.+/ ])/i;

/** An image with a program of its own that does not compile; on golang the compiler is there anyhow. */
function isForUsers(subject: LintSubject): boolean {
  const { target, dockerfile } = subject;
  const command = startStep(subject);
  if (!command || command.step.commands.some(({ name }) => COMPILES.test(name))) return false;
  if (isForDevelopment(subject, target) || baseTraits(target.rootBase)?.go) return false;
  return !FOR_BUILDERS.test(`${dockerfile.file} ${target.name ?? ''}`);
}

function toolsOf({ action, manager, packages, command }: PackageCall): PackageCall['packages'] {
  if (action !== 'install' || !['apt', 'apk', 'dnf'].includes(manager.name)) return [];
  // A name for a group that is meant to be deleted.
  if (command.args.some(({ text }) => /^(?:-t|--virtual(?:=.*)?)$/.test(text))) return [];
  return packages.filter(({ text }) => TOOL.test(text));
}

const COMPILERS =
  /^(?:make|cmake|ninja|gcc|g\+\+|cc|clang|go|cargo|configure|pip3?|pipx|poetry|uv|npm|yarn|pnpm|gem|bundle|luarocks|cpanm?|pecl|perl|\.\/configure|python3?|R|Rscript)$/;

function compiles({ commands }: LintStep): boolean {
  return commands.map(wrappedCommand).some(({ name }) => COMPILERS.test(name));
}

function removes(step: LintStep, tools: readonly string[]): boolean {
  return step.commands.map(wrappedCommand).some(({ name, args }) => {
    const words = args.map(({ text }) => text);
    if (!/^(?:apt-get|apt|apk|dnf|yum|microdnf)$/.test(name)) return false;
    if (!words.some((word) => /^(?:del|purge|remove|autoremove|erase)$/.test(word))) return false;
    return words.some(
      (word) => tools.includes(word) || word.includes('$') || /^(?:--auto-remove|autoremove)$/.test(word),
    );
  });
}
