import type { Rule } from '../rule.ts';
import type { LintStage } from '../subject/lint-subject.ts';
import { callsIn } from '../subject/package-managers.ts';
import { stepsIn, stepsOf } from '../subject/steps.ts';

/** Images have no package lists: without them apt-get finds nothing to install. */
export const aptInstallWithoutUpdate: Rule = {
  name: 'apt-install-without-update',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'apt-get install without package lists finds nothing, or what an older layer knew',

  *check(subject) {
    for (const { step, stage } of stepsOf(subject, 'RUN')) {
      const calls = callsIn(step).filter(({ manager }) => manager.name === 'apt');
      const install = calls.find(({ action, packages }) => action === 'install' && packages.some(isFromLists));
      if (!install?.verb || calls.some(({ action }) => action === 'refresh') || mayUpdate(step.commands)) continue;
      // A RUN of update alone has its own rule; a base that is no plain image may bring lists.
      if (hasUpdate(stage) || !isPlainBase(stage)) continue;
      yield {
        message: `${install.command.name} install runs without apt-get update in the same RUN.`,
        range: subject.text.rangeOf(install.verb.start, install.verb.end),
        hint: 'Begin the RUN with apt-get update &&.',
      };
    }
  },
};

function isFromLists({ text }: { readonly text: string }): boolean {
  return !/\.deb$|[*/$]/.test(text);
}

/** Scripts and other programs may load the lists: only known ones surely do not. */
function mayUpdate(commands: readonly { readonly name: string }[]): boolean {
  return commands.some(({ name }) =>
    /\.sh$|^(?:ba|da)?sh$|^[./$]|^(?:source|add-apt-repository|extrepo)$|\$/.test(name),
  );
}

function hasUpdate(stage: LintStage): boolean {
  const own = stepsIn(stage, 'RUN').some(
    (step) =>
      mayUpdate(step.commands) ||
      callsIn(step).some(({ manager, action }) => manager.name === 'apt' && action === 'refresh'),
  );
  return own || (stage.base.kind === 'stage' && hasUpdate(stage.base.stage));
}

const PLAIN =
  /^(?:docker\.io\/)?(?:library\/)?(?:debian|ubuntu|golang|python|node|rust|ruby|php|openjdk|gcc|buildpack-deps)(?::|@|$)/;

function isPlainBase({ rootBase }: LintStage): boolean {
  return rootBase.kind === 'image' && PLAIN.test(rootBase.name);
}
