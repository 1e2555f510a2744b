import type { Rule } from '../rule.ts';
import { packageCalls } from '../subject/package-managers.ts';
import { hasFlag } from '../subject/steps.ts';

/** A tool installed for all follows no lock file. */
export const npmVersion: Rule = {
  name: 'npm-version',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'npm installs a package without a version',
  hadolint: ['DL3016'],

  *check(subject) {
    for (const { call } of packageCalls(subject, 'npm')) {
      if (call.action !== 'install' || call.verb?.text === 'ci') continue;
      const loose = call.packages.filter(({ text, isLiteral }) => isLiteral && isLoose(text));
      const [first, last] = [loose[0], loose.at(-1)];
      if (!first || !last) continue;
      const where = hasFlag(call.command, '-g', '--global') ? ' -g' : '';
      yield {
        message: `npm install${where} takes ${loose.map(({ text }) => text).join(', ')} in whatever version is newest today.`,
        range: subject.text.rangeOf(first.start, last.end),
        hint: 'Write name@version.',
      };
    }
  },
};

/** A name of the registry, scoped or not, without `@version`, or with a tag that moves. */
function isLoose(text: string): boolean {
  return /^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*(?:@(?:latest|next))?$/.test(text) && !/\.(?:tgz|tar\.gz)$/.test(text);
}
