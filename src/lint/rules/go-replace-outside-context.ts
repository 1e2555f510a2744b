import type { Rule } from '../rule.ts';
import { goBuilds } from '../subject/go-build.ts';
import { goFiles } from '../subject/go-files.ts';

/** A build sees its context and nothing above it: such a module is not there. */
export const goReplaceOutsideContext: Rule = {
  name: 'go-replace-outside-context',
  family: 'go',
  severity: 'error',
  level: 'default',
  summary: 'go.mod replaces a module by a folder outside of the build context',

  *check(subject) {
    const [build] = goBuilds(subject);
    if (!build) return;
    const { file, hasVendor } = goFiles(subject.context);
    if (!file || hasVendor) return;
    // GOWORK=off, or another module file, leaves it out.
    if (build.env.get('GOWORK') === 'off' || build.flags.some(({ name }) => name === 'modfile')) return;
    for (const { target, line, isLocal } of file.replaces) {
      if (!isLocal || !/^\.\.(?:\/|$)/.test(target)) continue;
      yield {
        message: `go.mod:${line} names ${target}, which is outside of the build context: go ${build.verb} does not find it.`,
        range: subject.text.rangeOf(build.command.start, build.command.end),
        hint: 'Build from the folder above (-f app/Dockerfile ..), vendor the dependencies, or give it as a context of its own.',
      };
    }
  },
};
