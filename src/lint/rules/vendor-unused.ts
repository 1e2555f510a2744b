import type { Rule } from '../rule.ts';
import { findSentInVain } from '../subject/sent-in-vain.ts';
import { runCommands } from '../subject/steps.ts';

/** go takes the one or the other; the other is copied, or downloaded, for nothing. */
export const vendorUnused: Rule = {
  name: 'vendor-unused',
  family: 'context',
  severity: 'info',
  level: 'default',
  summary: 'The vendor directory is copied, although the build downloads the modules',

  *check(subject) {
    const { context } = subject;
    if (!context || context.readText('go.mod') === undefined) return;
    const calls = [...runCommands(subject)].filter(({ command }) => command.name === 'go');
    const usesModules = calls.some(({ command, step }) => {
      const flags = [
        step.variables.get('GOFLAGS') ?? '',
        ...command.assignments.map(({ text }) => text),
        ...command.args.map(({ text }) => text),
      ];
      return flags.some((text) => /-mod=mod\b/.test(text));
    });
    const hasList = context.readText('vendor/modules.txt') !== undefined;
    if (!usesModules && (hasList || calls.length === 0)) return;
    yield* findSentInVain(subject, {
      what: 'Vendored modules that go build does not use',
      isOne: ({ path }) => path.startsWith('vendor/'),
      patterns: () => ['/vendor'],
    });
  },
};
