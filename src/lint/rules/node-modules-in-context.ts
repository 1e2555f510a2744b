import type { Rule } from '../rule.ts';
import { packageCalls } from '../subject/package-managers.ts';
import { findSentInVain } from '../subject/sent-in-vain.ts';
import { runCommands } from '../subject/steps.ts';

/** Packages of this machine overwrite those that the step installed, for another platform perhaps. */
export const nodeModulesInContext: Rule = {
  name: 'node-modules-in-context',
  family: 'context',
  severity: 'warning',
  level: 'default',
  summary: 'node_modules of this machine is copied over what the build installs',

  *check(subject) {
    const calls = [...packageCalls(subject, 'npm', 'yarn')].filter(({ call }) => call.action === 'install');
    const isInstalled = calls.length > 0 || [...runCommands(subject)].some(({ command }) => command.name === 'pnpm');
    if (!isInstalled) return;
    yield* findSentInVain(subject, {
      what: 'Installed packages of this machine',
      isOne: ({ path }) => /(?:^|\/)node_modules\//.test(path),
      patterns: () => ['**/node_modules'],
    });
  },
};
