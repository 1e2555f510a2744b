import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { ArchiveCompression, CaseArchive, CaseFile, ConformanceCase } from './conformance-case.ts';
import { writeTar } from './write-tar.ts';

/** 2020-02-03T04:05:06Z: what is in archives is as old as this, so that they have the same bytes on every run. */
const ARCHIVED = 1_580_702_706;

const COMPRESS: Readonly<Record<ArchiveCompression, readonly string[]>> = {
  tar: [],
  tgz: ['gzip', '-n'],
  tbz2: ['bzip2'],
  txz: ['xz'],
  tzst: ['zstd', '-q'],
};

/** Replaces the names of the runner's offers in file contents. */
export type Substitute = (text: string) => string;

export interface WriteCaseOptions {
  readonly dir: string;
  readonly substitute: Substitute;
  /** Time of what a case leaves open, seconds. */
  readonly mtime: number;
  /** A user who has to be able to read the files; ours unless told. */
  readonly owner: string | undefined;
}

/** Writes a case's files below `dir`, the build context into `dir/context`. */
export function writeCaseFiles(testCase: ConformanceCase, options: WriteCaseOptions): void {
  const { dir, mtime, owner } = options;
  mkdirSync(join(dir, 'context'), { recursive: true });
  for (const file of testCase.files) writeEntry(file, options);
  // Before modes are settled: a change of owner takes setuid away.
  if (owner !== undefined) execFileSync('chown', ['-hR', owner, dir]);
  settleTimes(dir, mtime);
  for (const file of testCase.files) settleEntry(file, dir);
}

function writeEntry(file: CaseFile, { dir, substitute }: WriteCaseOptions): void {
  const path = join(dir, 'context', file.path);
  mkdirSync(dirname(path), { recursive: true });
  switch (file.type) {
    case 'directory':
      mkdirSync(path, { recursive: true });
      break;
    case 'file':
      writeFileSync(
        path,
        file.content.includes('$') ? substitute(file.content.toString('latin1')) : file.content,
        'latin1',
      );
      break;
    case 'symlink':
      symlinkSync(file.target, path);
      break;
    case 'hardlink':
      linkSync(join(dirname(path), file.target), path);
      break;
    case 'fifo':
      execFileSync('mkfifo', [path]);
      break;
    case 'tar':
      writeFileSync(path, compressed(writeTar(file.entries), file.compression));
      break;
    case 'archive':
      settleTimes(join(dir, 'context', file.of), ARCHIVED);
      writeArchive(file, path, join(dir, 'context', file.of));
  }
  if (file.type !== 'symlink' && file.type !== 'hardlink')
    chmodSync(path, file.mode ?? (file.type === 'directory' ? 0o755 : 0o644));
  for (const [name, value] of Object.entries(file.xattrs ?? {})) setXattr(path, name, value);
}

/** Node.js has no call for it, and Python is more often there than setfattr. */
function setXattr(path: string, name: string, value: string): void {
  const script = 'import os, sys; os.setxattr(sys.argv[1], sys.argv[2], sys.argv[3].encode())';
  execFileSync('python3', ['-c', script, path, name, value]);
}

function writeArchive({ compression, owner }: CaseArchive, path: string, of: string): void {
  const [uid, gid] = owner.split(':');
  const flags = ['--sort=name', '--numeric-owner', `--owner=${uid}`, `--group=${gid}`, '--format=pax'];
  const tar = execFileSync('tar', [...flags, '--pax-option=delete=atime,delete=ctime', '-C', of, '-cf', '-', '.'], {
    maxBuffer: 64 * 1024 * 1024,
  });
  writeFileSync(path, compressed(tar, compression));
}

function compressed(tar: Buffer, compression: ArchiveCompression): Buffer {
  const [program, ...args] = COMPRESS[compression];
  return program ? execFileSync(program, args, { input: tar, maxBuffer: 64 * 1024 * 1024 }) : tar;
}

/** Depth first, as writing into a directory changes its time. */
function settleTimes(dir: string, mtime: number): void {
  for (const name of readdirSync(dir)) {
    const path = join(dir, name);
    if (lstatSync(path).isDirectory()) settleTimes(path, mtime);
    else lutimesSync(path, mtime, mtime);
  }
  utimesSync(dir, mtime, mtime);
}

function settleEntry(file: CaseFile, dir: string): void {
  const path = join(dir, 'context', file.path);
  if (file.mode !== undefined) chmodSync(path, file.mode);
  if (file.mtime !== undefined) lutimesSync(path, file.mtime, file.mtime);
}
