import type { Rule } from '../rule.ts';
import { goBuilds } from '../subject/go-build.ts';

/** A build sees its context and nothing above it: such a module is not there. */
export const goReplaceOutsideContext: Rule = {
  name: 'go-replace-outside-context',
  family: 'go',
  severity: 'error',
  level: 'default',
  summary: 'go.mod or go.work names a folder outside of the build context',

  *check(subject) {
    const [build] = goBuilds(subject);
    if (!build || subject.module?.folder !== '' || subject.module.go.isVendored) return;
    // GOWORK=off, or another module file, leaves it out.
    if (build.env.get('GOWORK') === 'off' || build.flags.some(({ name }) => name === 'modfile')) return;
    for (const { target, at } of subject.module.go.outside) {
      if (target.startsWith('/')) continue;
      yield {
        message: `${at.path}:${at.line} names ${target}, which is outside of the build context: go ${build.verb} does not find it.`,
        range: subject.text.rangeOf(build.command.start, build.command.end),
        hint: 'Build from the folder above (-f app/Dockerfile ..), vendor the dependencies, or give it as a context of its own.',
      };
    }
  },
};
