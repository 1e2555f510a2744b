import { wrappedCommand } from '../../shell/shell-command.ts';
import type { Rule } from '../rule.ts';
import type { LintStage, LintStep } from '../subject/lint-subject.ts';
import { stepsIn } from '../subject/steps.ts';

interface Ecosystem {
  readonly call: RegExp;
  /** What has to be copied first. */
  readonly manifests: string;
}

const ECOSYSTEMS: readonly Ecosystem[] = [
  { call: /^npm (?:ci|install|i)(?: -\S+)*$/, manifests: 'package.json package-lock.json' },
  { call: /^(?:yarn|yarnpkg)(?: install)?(?: -\S+)*$/, manifests: 'package.json yarn.lock' },
  { call: /^pnpm (?:install|i|ci)(?: -\S+)*$/, manifests: 'package.json pnpm-lock.yaml' },
  { call: /^pip3? install (?:-.* )?(?:-r|--requirement)[ =]/, manifests: 'requirements.txt' },
  { call: /^bundle install(?: -\S+)*$/, manifests: 'Gemfile Gemfile.lock' },
  { call: /^composer install(?: -\S+)*$/, manifests: 'composer.json composer.lock' },
  { call: /^poetry install(?: -\S+)*$/, manifests: 'pyproject.toml poetry.lock' },
  { call: /^cargo fetch(?: -\S+)*$/, manifests: 'Cargo.toml Cargo.lock' },
];

/** Any change of any file then loads everything again. */
export const dependenciesAfterSources: Rule = {
  name: 'dependencies-after-sources',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'All sources are copied before the dependencies are installed, so that each change installs them again',

  *check(subject) {
    for (const stage of subject.stages) {
      const all = stepsIn(stage, 'COPY', 'ADD').find(copiesAll);
      if (!all) continue;
      const below = stepsIn(stage, 'RUN').filter((step) => stage.steps.indexOf(step) > stage.steps.indexOf(all));
      for (const step of below) {
        const found = ecosystemOf(step);
        if (!found || copiesFirst(stage, all, found.manifests)) continue;
        yield {
          message: `A change of any file of ${all.instruction.original} runs this step again.`,
          range: subject.text.rangeOf(found.start, found.end),
          hint: `Copy ${found.manifests} first, install, and then copy the rest.`,
        };
        break;
      }
    }
  },
};

function copiesAll({ instruction }: LintStep): boolean {
  if (instruction.kind !== 'COPY' && instruction.kind !== 'ADD') return false;
  return (
    instruction.sources.some(({ text }) => /^(?:\.\/?|\/)$/.test(text)) &&
    !instruction.flags.some(({ name }) => name === 'from')
  );
}

function ecosystemOf(step: LintStep) {
  for (const command of step.commands.map(wrappedCommand)) {
    const line = [command.name, ...command.args.map(({ text }) => text)].join(' ');
    const ecosystem = ECOSYSTEMS.find(({ call }) => call.test(line));
    if (ecosystem) return { manifests: ecosystem.manifests, start: command.start, end: command.end };
  }
  return undefined;
}

/** A manifest came by its name above: then this is a second installation, or the first one stands above. */
function copiesFirst(stage: LintStage, all: LintStep, manifests: string): boolean {
  const names = manifests.split(' ').map((name) => name.replace(/\..*$/, ''));
  return stepsIn(stage, 'COPY', 'ADD').some(
    (step) =>
      stage.steps.indexOf(step) < stage.steps.indexOf(all) &&
      step.instruction.sources.some(({ text }) => names.some((name) => text.includes(name))),
  );
}
