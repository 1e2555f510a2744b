import type { StepRecord } from '../build/record/build-record.ts';

/** A command that fetches what a project depends on, and the files of the project that decide what. */
export interface Installer {
  /** The command as found: `go mod download`. */
  readonly command: string;
  /** Names of files it reads, some of which may be missing; empty when it reads none. */
  readonly files: readonly string[];
}

interface Rule {
  readonly pattern: RegExp;
  readonly files: readonly string[];
}

const FLAGS = String.raw`(?:\s+-[\w=./-]+)*`;
const RULES: readonly Rule[] = [
  {
    pattern: new RegExp(`^go mod (?:download|verify)${FLAGS}$`),
    files: ['go.mod', 'go.sum', 'go.work', 'go.work.sum'],
  },
  { pattern: /^go install(?:\s+-[\w=]+)*(?:\s+[\w./-]+@[\w.+-]+)+$/, files: [] },
  {
    pattern: new RegExp(`^npm (?:ci|install|i)${FLAGS}$`),
    files: ['package.json', 'package-lock.json', 'npm-shrinkwrap.json', '.npmrc'],
  },
  { pattern: new RegExp(`^yarn(?: install)?${FLAGS}$`), files: ['package.json', 'yarn.lock', '.yarnrc.yml'] },
  {
    pattern: new RegExp(`^pnpm (?:install|i|fetch)${FLAGS}$`),
    files: ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'],
  },
  { pattern: new RegExp(`^bundle install${FLAGS}$`), files: ['Gemfile', 'Gemfile.lock'] },
  { pattern: new RegExp(`^cargo fetch${FLAGS}$`), files: ['Cargo.toml', 'Cargo.lock'] },
  { pattern: /^(?:apt-get|apt|apk|dnf|yum|microdnf|zypper)\b[^|<>`$]*$/, files: [] },
];
const REQUIREMENTS = /^(?:python3? -m )?pip3? install(?:\s+--?[\w=-]+)*?\s+-r\s+(\S+)(?:\s+--?[\w=-]+)*$/;
/** What such steps do besides, without looking at a project's files. */
const HARMLESS = /^(?:set -\w+|true|rm -rf? \/(?:var|tmp|root)\/\S*(?: \/(?:var|tmp|root)\/\S*)*|mkdir -p \/\S+)$/;

/** What a RUN step installs, when it does nothing else; undefined for any other step. */
export function installerOf({ kind, key }: StepRecord): Installer | undefined {
  if (kind !== 'exec') return undefined;
  const commands = shellCommands(key?.parts.command);
  const rules = commands.filter((command) => !HARMLESS.test(command)).map(ruleFor);
  if (rules.length === 0 || !rules.every((rule) => rule !== undefined)) return undefined;
  const files = [...new Set(rules.flatMap((rule) => rule.files))];
  return { command: rules.map(({ command }) => command).join(' && '), files };
}

function ruleFor(command: string): Installer | undefined {
  const requirements = REQUIREMENTS.exec(command)?.[1];
  if (requirements) return { command, files: [requirements.replace(/^\.\//, '')] };
  const rule = RULES.find(({ pattern }) => pattern.test(command));
  return rule && { command, files: rule.files };
}

/** Simple commands of a shell line; one with anything cleverer than `&&` and `;` matches no rule. */
function shellCommands(argv: string | undefined): readonly string[] {
  const parsed: unknown = JSON.parse(argv ?? '[]');
  if (!Array.isArray(parsed)) return [];
  const line = parsed.at(-2) === '-c' ? String(parsed.at(-1)) : parsed.join(' ');
  return line
    .replace(/\\\n/g, ' ')
    .split(/&&|;|\n/)
    .map((command) => command.trim().replace(/\s+/g, ' '))
    .filter((command) => command !== '');
}
