import type { Rule } from '../rule.ts';
import { stageTraits } from '../subject/base-traits.ts';
import type { LintStage } from '../subject/lint-subject.ts';
import { stepsOf } from '../subject/steps.ts';

/** Where it lands is the base image's decision, and may change with it. */
export const copyToRelativePath: Rule = {
  name: 'copy-to-relative-path',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'A file is copied to a relative path while no WORKDIR is set',
  hadolint: ['DL3045'],

  *check(subject) {
    for (const { step, stage } of stepsOf(subject, 'COPY', 'ADD')) {
      const { destination } = step.instruction;
      const path = destination.text.replace(/^["']/, '');
      if (step.workdir !== undefined || /^[/$]|^[A-Za-z]:|^\\/.test(path)) continue;
      if (stageTraits(stage)?.workdir === '/' || worksInRoot(stage)) continue;
      yield {
        message: `${JSON.stringify(destination.text)} is relative to whatever directory the base image sets.`,
        range: destination.range,
        hint: 'Set WORKDIR above, or write the whole path.',
      };
    }
  },
};

/** Whatever their tag is, which a variable may say. */
const IN_ROOT =
  /^(?:(?:docker\.io|mirror\.gcr\.io|public\.ecr\.aws\/docker)\/)?(?:library\/)?(?:alpine|busybox|debian|ubuntu|fedora|almalinux|rockylinux|centos|amazonlinux|oraclelinux|archlinux|photon)(?:$|[:@])|^public\.ecr\.aws\/amazonlinux\/amazonlinux(?:$|[:@])|^registry\.(?:access\.)?redhat\.(?:com|io)\/ubi\d*(?:\/ubi[\w-]*)?(?:$|[:@])/;

function worksInRoot({ rootBase }: LintStage): boolean {
  return (
    rootBase.kind === 'image' && (IN_ROOT.test(rootBase.name) || /^mcr\.microsoft\.com\/windows\//.test(rootBase.name))
  );
}
