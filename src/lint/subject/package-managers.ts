import type { RunInstruction } from '../../dockerfile/ast.ts';
import { type ShellCommand, type ShellWord, wrappedCommand } from '../../shell/shell-command.ts';
import { parseArgs } from './command-line.ts';
import type { LintStage, LintStep, LintSubject } from './lint-subject.ts';
import { remembered } from './remembered.ts';
import { stepsOf } from './steps.ts';

export type PackageAction = 'install' | 'refresh' | 'upgrade' | 'clean' | 'other';

/** How one package manager is spoken to. */
export interface PackageManager {
  /** What people call it. */
  readonly name: 'apt' | 'apk' | 'dnf' | 'zypper' | 'pip' | 'npm' | 'yarn' | 'gem';
  readonly programs: readonly string[];
  readonly verbs: Readonly<Record<string, PackageAction>>;
  /** Flags that take the next word as their value. */
  readonly valued: readonly string[];
}

export const PACKAGE_MANAGERS: readonly PackageManager[] = [
  {
    name: 'apt',
    programs: ['apt-get', 'apt', 'aptitude'],
    verbs: {
      install: 'install',
      'build-dep': 'install',
      update: 'refresh',
      upgrade: 'upgrade',
      'dist-upgrade': 'upgrade',
      'full-upgrade': 'upgrade',
      clean: 'clean',
      autoclean: 'clean',
    },
    valued: ['-o', '--option', '-t', '--target-release', '--default-release', '-c', '--config-file', '-a'],
  },
  {
    name: 'apk',
    programs: ['apk'],
    verbs: { add: 'install', update: 'refresh', upgrade: 'upgrade' },
    valued: ['-t', '--virtual', '-X', '--repository', '-p', '--root', '--repositories-file', '--arch', '--keys-dir'],
  },
  {
    name: 'dnf',
    programs: ['dnf', 'yum', 'microdnf', 'dnf5', 'tdnf'],
    verbs: {
      install: 'install',
      localinstall: 'install',
      groupinstall: 'install',
      reinstall: 'install',
      makecache: 'refresh',
      update: 'upgrade',
      upgrade: 'upgrade',
      'distro-sync': 'upgrade',
      clean: 'clean',
    },
    valued: [
      '-c',
      '--config',
      '-x',
      '--exclude',
      '--installroot',
      '--releasever',
      '--setopt',
      '--enablerepo',
      '--repo',
    ],
  },
  {
    name: 'zypper',
    programs: ['zypper'],
    verbs: {
      install: 'install',
      in: 'install',
      refresh: 'refresh',
      ref: 'refresh',
      update: 'upgrade',
      up: 'upgrade',
      'dist-upgrade': 'upgrade',
      dup: 'upgrade',
      patch: 'upgrade',
      clean: 'clean',
      cc: 'clean',
    },
    valued: ['-R', '--root', '-t', '--type', '-r', '--repo', '--from'],
  },
  {
    name: 'pip',
    programs: ['pip', 'pip3', 'pip2'],
    verbs: { install: 'install', cache: 'clean' },
    valued: [
      ...['-r', '--requirement', '-c', '--constraint', '-e', '--editable', '-t', '--target', '-i', '--index-url'],
      ...['--extra-index-url', '-f', '--find-links', '--prefix', '--root', '--trusted-host', '--platform', '--src'],
      ...['--only-binary', '--no-binary', '--python-version', '--implementation', '--abi', '--cache-dir', '--timeout'],
      ...[
        '--progress-bar',
        '--global-option',
        '--install-option',
        '--config-settings',
        '--upgrade-strategy',
        '--retries',
      ],
      ...['--proxy', '--cert', '--client-cert', '--log', '--report', '--python', '--default-timeout'],
    ],
  },
  {
    name: 'npm',
    programs: ['npm'],
    verbs: {
      install: 'install',
      i: 'install',
      add: 'install',
      ci: 'install',
      'clean-install': 'install',
      cache: 'clean',
    },
    valued: [
      '--prefix',
      '-C',
      '--registry',
      '--omit',
      '--include',
      '--loglevel',
      '-w',
      '--workspace',
      '--cache',
      '--tag',
    ],
  },
  { name: 'yarn', programs: ['yarn', 'yarnpkg'], verbs: { install: 'install', cache: 'clean' }, valued: ['--cwd'] },
  {
    name: 'gem',
    programs: ['gem'],
    verbs: { install: 'install', update: 'upgrade', cleanup: 'clean' },
    valued: ['-v', '--version', '-i', '--install-dir', '-n', '--bindir', '-s', '--source', '-P', '--trust-policy'],
  },
];

const BY_PROGRAM = new Map(PACKAGE_MANAGERS.flatMap((manager) => manager.programs.map((name) => [name, manager])));

/** A call of a package manager. */
export interface PackageCall {
  readonly manager: PackageManager;
  readonly command: ShellCommand;
  readonly action: PackageAction;
  /** The word that says what to do; undefined where there is none (a lone `yarn` installs). */
  readonly verb: ShellWord | undefined;
  /** What follows the verb and is no flag. */
  readonly packages: readonly ShellWord[];
}

/** apt-get(8): it says what it would do. */
export const PRETENDED = /^(?:-s|--(?:simulate|just-print|dry-run|recon|no-act|print-uris))$/;

export function packageCall(command: ShellCommand): PackageCall | undefined {
  const unwrapped = asPip(wrappedCommand(command));
  const manager = BY_PROGRAM.get(unwrapped.name);
  if (!manager) return undefined;
  const [verb, ...packages] = parseArgs(unwrapped, manager.valued).operands;
  const isBareYarn = manager.name === 'yarn' && !verb;
  const isPretended = manager.name === 'apt' && unwrapped.args.some(({ text }) => PRETENDED.test(text));
  const action = isPretended ? 'other' : isBareYarn ? 'install' : ((verb && ownVerb(manager, verb.text)) ?? 'other');
  return { manager, command: unwrapped, action, verb, packages };
}

/** `python -m pip install` is pip. */
function asPip(command: ShellCommand): ShellCommand {
  const [flag, module, ...args] = command.args;
  const isModule = /^python[\d.]*$/.test(command.name) && flag?.text === '-m' && module?.text === 'pip';
  return isModule ? { ...command, name: 'pip', nameWord: module, args } : command;
}

function ownVerb({ verbs }: PackageManager, verb: string): PackageAction | undefined {
  return Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
}

export const callsIn = remembered(({ commands }: LintStep): readonly PackageCall[] =>
  commands.flatMap((command) => packageCall(command) ?? []),
);

/** Every call in a RUN, those of the managers named or of all. */
export function* packageCalls(
  subject: LintSubject,
  ...managers: readonly PackageManager['name'][]
): Generator<{ readonly call: PackageCall; readonly step: LintStep<RunInstruction>; readonly stage: LintStage }> {
  for (const { step, stage } of stepsOf(subject, 'RUN')) {
    for (const call of callsIn(step))
      if (managers.length === 0 || managers.includes(call.manager.name)) yield { call, step, stage };
  }
}
