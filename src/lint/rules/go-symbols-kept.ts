import type { Fix } from '../finding.ts';
import { insertAt } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { flagOf, type GoCommand, hasGoFlag, linkerFlags, releaseBuilds } from '../subject/go-build.ts';
import type { LintStage, LintSubject } from '../subject/lint-subject.ts';

/** Symbol table and DWARF are a third of a Go binary and are for debuggers alone. */
export const goSymbolsKept: Rule = {
  name: 'go-symbols-kept',
  family: 'go',
  severity: 'info',
  level: 'default',
  summary: 'The binary carries symbols and debug information that nothing in the image reads',

  *check(subject) {
    for (const build of releaseBuilds(subject)) {
      if (isStripped(build) || isStrippedLater(build.stage)) continue;
      const { verbWord } = build;
      yield {
        message: `go ${build.verb} without -ldflags="-s -w" keeps the symbol table and debug information in the binary.`,
        range: subject.text.rangeOf(verbWord.start, verbWord.end),
        hint: 'They are about a third of its size; stack traces and profiles work without them, a debugger does not.',
        fix: stripFix(subject, build),
      };
    }
  },
};

/** By the line, by GOFLAGS, or perhaps by a variable. Compiler flags in a variable are how a debugger's build is asked for. */
function isStripped(build: GoCommand): boolean {
  const flags = linkerFlags(build);
  if (flagOf(build, 'gcflags')?.value?.includes('$')) return true;
  if (build.operands.some(({ text }) => text.startsWith('$'))) return true;
  if (!flags) return hasGoFlag(build, 'ldflags');
  return flags.some((flag) => /^--?[sw](?:$|=)/.test(flag) || /^["']?[$`]/.test(flag));
}

function isStrippedLater({ steps }: LintStage): boolean {
  return steps.some(({ commands }) => commands.some(({ name }) => /^(?:[\w-]+-)?strip$|^upx$/.test(name)));
}

function stripFix({ text }: LintSubject, build: GoCommand): Fix | undefined {
  if (build.isExec) return undefined;
  const fix = { title: 'Add -ldflags="-s -w"', safety: 'safe' } as const;
  const flag = flagOf(build, 'ldflags');
  if (!flag) return { ...fix, edits: [insertAt(build.verbWord.end, ' -ldflags="-s -w"')] };
  const at = flag.valueStart;
  if (at === undefined || !/["']/.test(text.text.charAt(at))) return undefined;
  return { ...fix, edits: [insertAt(at + 1, flag.value === '' ? '-s -w' : '-s -w ')] };
}
