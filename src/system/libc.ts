/**
 * Calls of the Linux kernel that Node.js lacks, each in a file of this folder, by way of koffi (an optional dependency)
 * and else of a command of util-linux, coreutils or attr. The room knows the kernel only: what an image, a store or a
 * namespace is, it must not know. What surprises: koffi takes 8 ms to load, so it is loaded by the first call that
 * needs it and never by an import.
 */
import { createRequire } from 'node:module';
import { getSystemErrorName } from 'node:util';

/** The functions of libc that this folder calls. Each returns -1 on failure, and `errno()` tells why. */
export interface Libc {
  llistxattr(path: string, list: Buffer | null, size: number): number;
  lgetxattr(path: string, name: string, value: Buffer | null, size: number): number;
  lsetxattr(path: string, name: string, value: Buffer, size: number, flags: number): number;
  lremovexattr(path: string, name: string): number;
  utimensat(dirfd: number, path: string, times: Buffer, flags: number): number;
  mknod(path: string, mode: number, dev: bigint): number;
  flock(fd: number, operation: number): number;
  /** Not every libc has it. */
  readonly statx: ((dirfd: number, path: string, flags: number, mask: number, status: Buffer) => number) | undefined;
  execve(path: string, argv: readonly (string | null)[], env: readonly (string | null)[]): number;
  /** `signal(2)` with SIG_DFL. */
  resetSignal(signal: number): void;
  /** Makes a file descriptor as a new program expects it: kept by execve, and blocking. */
  passOn(fd: number): void;
  /** Keeps a file descriptor from every program that is started later. */
  closeOnExec(fd: number): void;
  errno(): number;
}

const F_SETFD = 2;
const FD_CLOEXEC = 1;
const F_GETFL = 3;
const F_SETFL = 4;
const O_NONBLOCK = 0o4000;

/** undefined where koffi is not installed or knows no libc like this machine's. Loaded once a process. */
export const loadLibc: () => Libc | undefined = once(() => {
  if (process.env.SLIPWAY_NO_KOFFI) return undefined;
  try {
    return bindLibc();
  } catch {
    // Whatever the reason, the commands do the same work slower.
    return undefined;
  }
});

function bindLibc(): Libc {
  const koffi: typeof import('koffi') = createRequire(import.meta.url)('koffi');
  const library = koffi.load(null);
  const fcntl = library.func('int fcntl(int fd, int command, ...)');
  const signal = library.func('void *signal(int number, intptr_t handler)');
  return {
    llistxattr: library.func('intptr_t llistxattr(const char *path, void *list, size_t size)'),
    lgetxattr: library.func('intptr_t lgetxattr(const char *path, const char *name, void *value, size_t size)'),
    lsetxattr: library.func('int lsetxattr(const char *path, const char *name, void *value, size_t size, int flags)'),
    lremovexattr: library.func('int lremovexattr(const char *path, const char *name)'),
    utimensat: library.func('int utimensat(int dirfd, const char *path, void *times, int flags)'),
    mknod: library.func('int mknod(const char *path, unsigned int mode, uint64_t dev)'),
    flock: library.func('int flock(int fd, int operation)'),
    statx: optional(() =>
      library.func('int statx(int dirfd, const char *path, int flags, unsigned int mask, void *status)'),
    ),
    execve: library.func('int execve(const char *path, const char **argv, const char **env)'),
    resetSignal: (number) => void signal(number, 0),
    passOn: (fd) => {
      fcntl(fd, F_SETFD, 'int', 0);
      const flags = fcntl(fd, F_GETFL, 'int', 0);
      if (flags >= 0 && flags & O_NONBLOCK) fcntl(fd, F_SETFL, 'int', flags & ~O_NONBLOCK);
    },
    closeOnExec: (fd) => void fcntl(fd, F_SETFD, 'int', FD_CLOEXEC),
    errno: () => koffi.errno(),
  };
}

function optional<T>(bind: () => T): T | undefined {
  try {
    return bind();
  } catch {
    return undefined;
  }
}

/** An error like those of node:fs, so that callers test `code` the same way. */
export function systemError(errno: number, syscall: string, path: string): NodeJS.ErrnoException {
  const code = getSystemErrorName(-errno);
  return Object.assign(new Error(`${code}: ${syscall} '${path}'`), { errno: -errno, code, syscall, path });
}

/** C strings end at the first NUL: a path that holds one would silently name another file. */
export function rejectNul(path: string): void {
  if (path.includes('\0')) throw Object.assign(new Error('ENOENT: a path with a NUL byte'), { code: 'ENOENT', path });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
