import type { Rule, RuleFamily } from './rule.ts';
import { RULES } from './rules.ts';

const FAMILIES: readonly (readonly [RuleFamily, title: string])[] = [
  ['go', 'Go'],
  ['production', 'Production'],
  ['context', 'Build context'],
  ['secret', 'Secrets'],
  ['practice', 'General practice'],
];

/** docs/rules/README.md: every rule by family, made from the table of rules. */
export function ruleIndex(): string {
  return [INTRODUCTION, ...FAMILIES.map(familySection), CLOSING].join('\n');
}

const INTRODUCTION = `# Rules

What \`slipway lint\` looks for. \`slipway help RULE\` shows a rule's page in the terminal. Rules of the level *strict* are about policy and
taste: they speak with \`--strict\`, or where \`slipway.yaml\` or \`--rule\` names them.
`;

const CLOSING = `## Build checks

BuildKit's build checks are among the findings, under their own names (\`JSONArgsRecommended\`, \`UndefinedVar\` …), and obey
\`# check=skip=…;error=true\` as in a build. [Docker's reference](https://docs.docker.com/reference/build-checks/) explains them. Those that must know the base
image (\`InvalidBaseImagePlatform\`) need \`slipway build --check\`: a linter asks no registry.
`;

function familySection([family, title]: (typeof FAMILIES)[number]): string {
  const rows = RULES.filter((rule) => rule.family === family).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return `## ${title}\n\n| rule | | what it finds | hadolint |\n|---|---|---|---|\n${rows.map(row).join('')}`;
}

function row({ name, severity, level, summary, hadolint = [] }: Rule): string {
  const weight = level === 'strict' ? `${severity}, strict` : severity;
  return `| [${name}](${name}.md) | ${weight} | ${summary.replaceAll('|', '\\|')} | ${hadolint.join(', ')} |\n`;
}
