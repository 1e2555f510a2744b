import { parseIgnoreFile } from '../context/pattern/ignore-file.ts';
import type { ImagePlan } from './image-plan.ts';

interface IgnoreGroup {
  readonly title: string;
  readonly patterns: readonly string[];
}

const EVERYWHERE: readonly IgnoreGroup[] = [
  { title: 'Tests', patterns: ['**/*_test.go', '**/testdata'] },
  {
    title: 'Secrets',
    patterns: [
      '**/.env',
      '**/.env.*',
      '**/*.pem',
      '**/*.key',
      '**/*.p12',
      '**/id_rsa*',
      '**/id_ed25519*',
      '**/.netrc',
      '**/*.kubeconfig',
    ],
  },
  {
    title: 'What other tools leave behind',
    patterns: [
      '**/.DS_Store',
      '**/node_modules',
      '**/*.log',
      '**/*.test',
      '**/*.out',
      '**/*.prof',
      '**/*.swp',
      '**/*.exe',
    ],
  },
];

const AT_THE_TOP: readonly IgnoreGroup[] = [
  {
    title: 'Version control, editors, automation',
    patterns: [
      '.git',
      '.gitignore',
      '.gitattributes',
      '.github',
      '.gitlab-ci.yml',
      '.circleci',
      '.idea',
      '.vscode',
      '.devcontainer',
      '.editorconfig',
      '.golangci.*',
      '.goreleaser.*',
      '.pre-commit-config.yaml',
    ],
  },
  {
    title: 'The build itself',
    patterns: [
      'Dockerfile*',
      '*.Dockerfile',
      '.dockerignore',
      'compose*.yaml',
      'compose*.yml',
      'docker-compose*.yml',
      'slipway.yaml',
      'Makefile',
      '.air.toml',
    ],
  },
  { title: 'Documents', patterns: ['*.md', 'LICENSE*', 'docs', 'examples'] },
  { title: 'Results of builds on this machine', patterns: ['bin', 'dist', 'build', 'tmp', 'coverage*'] },
];

/**
 * The text of .dockerignore. Nothing that the build copies is hidden: a pattern that would is left out. Strict: everything
 * is hidden but what the Dockerfile copies.
 */
export function writeIgnoreFile(plan: ImagePlan, isStrict: boolean): string {
  const needed = neededFiles(plan);
  const groups = isStrict ? [allowed(plan), ...EVERYWHERE] : [...AT_THE_TOP, ...vendored(plan), ...EVERYWHERE];
  return groups
    .map(({ title, patterns }) => ({
      title,
      patterns: patterns.filter((pattern) => isStrictPart(pattern) || !hides(pattern, needed)),
    }))
    .filter(({ patterns }) => patterns.length > 0)
    .map(({ title, patterns }) => [`# ${title}`, ...patterns, ''].join('\n'))
    .join('\n');
}

function isStrictPart(pattern: string): boolean {
  return pattern === '*' || pattern.startsWith('!');
}

function allowed(plan: ImagePlan): IgnoreGroup {
  const files = plan.moduleFiles.flatMap(({ dir, names }) =>
    names.map((name) => (dir === '' ? name : `${dir}/${name}`)),
  );
  const opened = plan.programs.flatMap((program) => program.files.map(({ path }) => path));
  const paths = [...files, ...(plan.isVendored ? ['vendor'] : []), ...plan.sources, ...opened];
  return {
    title: 'Only what the Dockerfile copies',
    patterns: ['*', ...[...new Set(paths)].map((path) => `!${path}`)],
  };
}

/** A vendor folder that the build does not use is only weight. */
function vendored({ isVendored }: ImagePlan): readonly IgnoreGroup[] {
  return isVendored ? [] : [{ title: 'Modules are downloaded', patterns: ['vendor'] }];
}

/** Files that must be seen, as far as they are known by name. */
function neededFiles({ module, programs, moduleFiles }: ImagePlan): readonly string[] {
  const dirs = new Set(programs.flatMap(({ program }) => program.packageDirs));
  return [
    ...moduleFiles.flatMap(({ dir, names }) => names.map((name) => (dir === '' ? name : `${dir}/${name}`))),
    ...module.packages.filter(({ dir }) => dirs.has(dir)).flatMap(({ files }) => files.map(({ path }) => path)),
    ...programs.flatMap(({ program, files }) => [
      ...program.embeds.flatMap(({ files }) => files),
      ...program.opened.flatMap(({ found }) =>
        found && files.some(({ path }) => path === found.path) ? found.files : [],
      ),
    ]),
  ];
}

function hides(pattern: string, needed: readonly string[]): boolean {
  const matcher = parseIgnoreFile(pattern);
  return needed.some((path) => matcher.explainPath(path) !== undefined);
}
