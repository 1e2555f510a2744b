import { mountCall } from './mount-call.ts';
import type { MountLine } from './mount-table.ts';
import { type SyscallArchitecture, syscallNumbers } from './syscall-numbers.ts';

/** As a system call takes it: a number, or the address of a string or of bytes. */
export type CallArgument = number | string | Buffer;

/** One thing that the launcher does (perl-launcher.ts); a plan is what it does, in this order. */
export type LaunchOperation =
  | {
      readonly do: 'call';
      /** What fails when it fails, for people. */
      readonly what: string;
      readonly name: string;
      readonly args: readonly CallArgument[];
    }
  /** A mount on a path that nobody changes meanwhile. */
  | { readonly do: 'mount'; readonly line: MountLine }
  /** A mount in a root whose mounts others may write to meanwhile; the line's target is absolute in it, and made when it is missing. */
  | { readonly do: 'mount-in'; readonly root: string; readonly line: MountLine; readonly isDirectory: boolean }
  /** A child in new namespaces (flags of clone(2)) goes on with the plan; this process waits, and ends as the child ended. */
  | { readonly do: 'fork'; readonly namespaces: number }
  /** Moves into a cgroup, by its folder. */
  | { readonly do: 'enter'; readonly cgroup: string }
  /** Standard output and error go to these pipes. */
  | { readonly do: 'output'; readonly stdout: string; readonly stderr: string }
  /** Brings up the loopback interface, or reports that it cannot. */
  | { readonly do: 'loopback' }
  /** From here on only what a seccomp program allows. */
  | { readonly do: 'filter'; readonly program: Buffer }
  /** Becomes the program, which is looked for at each of the paths in turn; the last operation. */
  | {
      readonly do: 'start';
      readonly argv: readonly string[];
      readonly env: readonly string[];
      readonly paths: readonly string[];
    };

/** Processors whose calls and flags the launcher knows. */
const MACHINES: Readonly<Record<string, { architecture: SyscallArchitecture; directory: number; noFollow: number }>> = {
  x64: { architecture: 'x86_64', directory: 0o200000, noFollow: 0o400000 },
  arm64: { architecture: 'aarch64', directory: 0o40000, noFollow: 0o100000 },
};

export function canLaunchOn(machine: string): boolean {
  return MACHINES[machine] !== undefined;
}

/** The calls that the launcher makes itself. */
const OWN_CALLS = ['mount', 'statfs', 'openat', 'mkdirat', 'execve', 'prctl', 'clone', 'pidfd_open'];

/** What the launcher must be told about a processor. @throws Error for one that is not known. */
export function launcherNumbers(machine: string = process.arch): string {
  const { numbers, directory, noFollow } = numbersOf(machine);
  return [...OWN_CALLS.map((name) => numberOf(name, numbers)), directory, noFollow].join(' ');
}

/** The number of a system call. @throws Error for a processor or a call that is not known. */
export function callNumber(name: string, machine: string = process.arch): number {
  return numberOf(name, numbersOf(machine).numbers);
}

export interface LaunchRequest {
  /** Path of the pipe that is reported to. */
  readonly report: string;
  /** Of the first process: flags of clone(2). */
  readonly namespaces: number;
  readonly plan: readonly LaunchOperation[];
}

/** A request as the launcher reads it. @throws Error for a processor that is not known. */
export function encodeRequest(request: LaunchRequest, machine: string = process.arch): Buffer {
  const { numbers } = numbersOf(machine);
  const operations = request.plan.flatMap((operation) => records(operation, numbers).map(record));
  return fields([fields([Buffer.from(request.report), Buffer.from(String(request.namespaces)), ...operations])]);
}

function numbersOf(machine: string): (typeof MACHINES)[string] & { readonly numbers: ReadonlyMap<string, number> } {
  const known = MACHINES[machine];
  if (!known) throw new Error(`no system calls are known for ${machine}`);
  return { ...known, numbers: syscallNumbers(known.architecture) };
}

type Field = string | Buffer;

function records(operation: LaunchOperation, numbers: ReadonlyMap<string, number>): readonly (readonly Field[])[] {
  switch (operation.do) {
    case 'call': {
      const number = String(numberOf(operation.name, numbers));
      return [['call', operation.what, number, ...operation.args.map(argument)]];
    }
    case 'mount':
      return mountRecords(operation.line, numbers);
    case 'mount-in': {
      const { source, target, type, flags, options, restrictions } = mountCall(operation.line);
      const isDirectory = operation.isDirectory ? '1' : '0';
      const words = [source, type, String(flags), options, String(restrictions)];
      return [['mount_in', operation.root, target, isDirectory, ...words]];
    }
    case 'fork':
      return [['fork', String(operation.namespaces)]];
    case 'enter':
      return [['enter', operation.cgroup]];
    case 'output':
      return [['output', operation.stdout, operation.stderr]];
    case 'filter':
      return [['filter', operation.program]];
    case 'start':
      return [
        ['environment', ...operation.env],
        ['paths', ...operation.paths],
        ['start', ...operation.argv],
      ];
    default:
      return [[operation.do]];
  }
}

function mountRecords(line: MountLine, numbers: ReadonlyMap<string, number>): (readonly Field[])[] {
  const { source, target, type, flags, options, restrictions } = mountCall(line);
  const args = [source, target, type, flags, options].map(argument);
  const mount = ['call', `mount ${target}`, String(numberOf('mount', numbers)), ...args];
  return restrictions === 0 ? [mount] : [mount, ['restrict', target, String(restrictions)]];
}

function numberOf(name: string, numbers: ReadonlyMap<string, number>): number {
  const number = numbers.get(name);
  if (number === undefined) throw new Error(`no number is known for ${name}`);
  return number;
}

function argument(value: CallArgument): Field {
  if (typeof value === 'number') return `i${value}`;
  return Buffer.concat([Buffer.from('s'), Buffer.from(value)]);
}

function record(words: readonly Field[]): Buffer {
  return fields(words.map((word) => Buffer.from(word)));
}

function fields(values: readonly Buffer[]): Buffer {
  return Buffer.concat(
    values.flatMap((value) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(value.length);
      return [length, value];
    }),
  );
}
