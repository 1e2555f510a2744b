import { type BigIntStats, closeSync, openSync, readSync } from 'node:fs';
import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { stripControl } from '../diagnostics/redact.ts';
import type { ExecResult, ExecSpec } from './executor.ts';
import { LayeredRoot, type Located } from './layered-root.ts';

/** Why a program cannot be started, as far as the files of the root tell before anything runs. */
export interface StartFailure {
  readonly exitCode: 126 | 127;
  /** One sentence in the words of docker. */
  readonly message: string;
}

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Looks for the program of a spec in its root. Returns undefined when it is there, and also when only a mount could
 * tell: then the kernel decides.
 */
export function findStartFailure(spec: ExecSpec): StartFailure | undefined {
  const [program = ''] = spec.argv;
  const root = LayeredRoot.of(spec.root);
  if (program === '') return { exitCode: 127, message: 'exec: "": no command was given' };
  const candidates = programPaths(spec);
  let unusable: string | undefined;
  for (const candidate of candidates) {
    if (liesInMount(spec, root, candidate)) return undefined;
    const located = locate(root, candidate);
    if (!located?.stat) continue;
    const reason = whyNotExecutable(located.stat);
    if (!reason)
      return findFormatFailure(program, located, (path) => liesInMount(spec, root, path) || isFile(root, path));
    unusable ??= reason;
  }
  if (unusable) return { exitCode: 126, message: `exec: "${program}": ${unusable}` };
  return notFound(program);
}

/** The same in the words of an execve(2) that failed with a number. */
export function kernelStartFailure({ argv: [program = ''] }: ExecSpec, errno: number): StartFailure {
  if (errno === constants.errno.ENOENT) return notFound(program);
  if (errno === constants.errno.EACCES) return { exitCode: 126, message: `exec: "${program}": permission denied` };
  const reason = errno === constants.errno.ENOEXEC ? 'exec format error' : getSystemErrorName(-errno);
  return { exitCode: 126, message: `exec ${program}: ${reason}` };
}

function notFound(program: string): StartFailure {
  const why = program.includes('/')
    ? `stat ${program}: no such file or directory`
    : 'executable file not found in $PATH';
  return { exitCode: 127, message: `exec: "${program}": ${why}` };
}

/** The result of a step whose program cannot be started; a captured step has the sentence in its output. */
export function startFailureResult(spec: ExecSpec, { exitCode, message }: StartFailure): ExecResult {
  if (spec.stdio.kind === 'capture') spec.stdio.onOutput('stderr', Buffer.from(`${message}\n`));
  return { exitCode, warnings: [], startFailure: message };
}

/** Absolute paths at which the program is looked for, in their order. */
export function programPaths(spec: ExecSpec): string[] {
  const [program = ''] = spec.argv;
  if (program.includes('/')) return [absolute(spec.cwd, program)];
  const path = spec.env.findLast((setting) => setting.startsWith('PATH='))?.slice('PATH='.length) ?? DEFAULT_PATH;
  return path.split(':').map((dir) => absolute(spec.cwd, `${dir || '.'}/${program}`));
}

function absolute(cwd: string, path: string): string {
  return path.startsWith('/') ? path : `${cwd}/${path}`;
}

function liesInMount(spec: ExecSpec, root: LayeredRoot, path: string): boolean {
  const real = locate(root, path)?.path ?? path;
  const targets = ['/proc', '/dev', '/sys', ...spec.mounts.map(({ target }) => locate(root, target)?.path ?? target)];
  return targets.some((target) => [real, path].some((each) => each === target || each.startsWith(`${target}/`)));
}

function locate(root: LayeredRoot, path: string): Located | undefined {
  try {
    return root.locate(path);
  } catch {
    // Symlinks in circles: not there.
    return undefined;
  }
}

function whyNotExecutable(stat: BigIntStats): string | undefined {
  if (stat.isDirectory()) return 'is a directory';
  return stat.isFile() && (stat.mode & 0o111n) !== 0n ? undefined : 'permission denied';
}

/** A script or a program that names an interpreter which the root does not have looks like a missing file to the kernel. */
function findFormatFailure(
  program: string,
  { hostPath }: Located,
  exists: (path: string) => boolean,
): StartFailure | undefined {
  if (hostPath === undefined) return undefined;
  const head = readHead(hostPath);
  const isElf = head.subarray(0, ELF.length).equals(ELF);
  if (head.length > 0 && !isElf && head.subarray(0, 2).toString() !== '#!') {
    return { exitCode: 126, message: `exec ${program}: exec format error` };
  }
  const interpreter = isElf ? elfInterpreter(head) : scriptInterpreter(head);
  if (interpreter === undefined || exists(interpreter)) return undefined;
  const why = isElf
    ? `it needs the dynamic linker ${interpreter}, which the image does not have (a static Go program is built with CGO_ENABLED=0)`
    : `it needs the interpreter ${interpreter}, which the image does not have`;
  return { exitCode: 127, message: `exec ${program}: no such file or directory: ${stripControl(why)}` };
}

const ELF = Buffer.from('\x7fELF', 'latin1');
const ELF_64 = 2;
const ELF_LITTLE_ENDIAN = 1;
const PT_INTERP = 3;

/** The path in the program header of type INTERP (ELF-64, little endian), when it lies in the part that was read. */
function elfInterpreter(head: Buffer): string | undefined {
  if (head.length < 64 || head[4] !== ELF_64 || head[5] !== ELF_LITTLE_ENDIAN) return undefined;
  const table = Number(head.readBigUInt64LE(32));
  const [size, count] = [head.readUInt16LE(54), head.readUInt16LE(56)];
  for (let entry = table; entry < table + size * count && entry + 56 <= head.length; entry += size) {
    if (head.readUInt32LE(entry) !== PT_INTERP) continue;
    const [from, length] = [Number(head.readBigUInt64LE(entry + 8)), Number(head.readBigUInt64LE(entry + 32))];
    return from + length <= head.length ? head.toString('utf8', from, from + length - 1) : undefined;
  }
  return undefined;
}

function scriptInterpreter(head: Buffer): string | undefined {
  return /^#![ \t]*(\/[^\s]*)/.exec(head.toString('utf8'))?.[1];
}

function isFile(root: LayeredRoot, path: string): boolean {
  return locate(root, path)?.stat?.isFile() === true;
}

/** Program headers and interpreter stand at the beginning, as linkers write them. */
const HEAD_BYTES = 4096;

function readHead(path: string): Buffer {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(fd, head));
  } finally {
    closeSync(fd);
  }
}
