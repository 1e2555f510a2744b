import { constants } from 'node:os';
import { dirname } from 'node:path';
import { type Libc, loadLibc, rejectNul, systemError } from './libc.ts';
import { runCommand } from './run-command.ts';

const { ENODATA, ENOTSUP, ENOSYS, EPERM, EACCES, ERANGE } = constants.errno;

/** XATTR_LIST_MAX and XATTR_SIZE_MAX of the kernel. */
const MAX_SIZE = 65536;

const NONE: ReadonlyMap<string, Buffer> = new Map();

/** One read needs them at a time, and 20,000 files need no 20,000 allocations. */
const nameBuffer = lazyBuffer();
const valueBuffer = lazyBuffer();

/**
 * Extended attributes of a path (of a symlink itself, not of its target), in the kernel's order. Empty where the
 * filesystem has none, or where neither koffi nor getfattr is there to read them. `wants` saves reading the values of
 * names that nobody needs. A value that may not be read is left out.
 */
export function listXattrs(path: string, wants?: (name: string) => boolean): ReadonlyMap<string, Buffer> {
  rejectNul(path);
  const libc = loadLibc();
  return libc ? listByCall(libc, path, wants) : listByCommand(path, wants);
}

function listByCall(libc: Libc, path: string, wants?: (name: string) => boolean): ReadonlyMap<string, Buffer> {
  const list = nameBuffer();
  const length = libc.llistxattr(path, list, MAX_SIZE);
  if (length === 0) return NONE;
  if (length < 0) {
    if (isAbsent(libc.errno())) return NONE;
    throw systemError(libc.errno(), 'llistxattr', path);
  }
  const found = new Map<string, Buffer>();
  for (const name of list.toString('utf8', 0, length - 1).split('\0')) {
    if (wants && !wants(name)) continue;
    const value = valueBuffer();
    const size = libc.lgetxattr(path, name, value, MAX_SIZE);
    if (size >= 0) found.set(name, Buffer.from(value.subarray(0, size)));
    else if (!isAbsent(libc.errno())) throw systemError(libc.errno(), 'lgetxattr', path);
  }
  return found;
}

/** An attribute that went away meanwhile, that may not be read, or a filesystem without any. */
function isAbsent(errno: number): boolean {
  return [ENODATA, ENOTSUP, ENOSYS, EPERM, EACCES, ERANGE].includes(errno);
}

/**
 * Sets one attribute, made anew or replaced; never follows a symlink.
 * @throws a system error: ENOTSUP where the filesystem has no such attributes, EPERM where the name needs privileges,
 * ENOSYS when neither koffi nor setfattr is there.
 */
export function setXattr(path: string, name: string, value: Uint8Array): void {
  rejectNul(path);
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const libc = loadLibc();
  if (!libc) setByCommand(path, name, bytes);
  else if (libc.lsetxattr(path, name, bytes, bytes.length, 0) < 0) throw systemError(libc.errno(), 'lsetxattr', path);
}

/** Removes one attribute; nothing happens when it is not there. */
export function removeXattr(path: string, name: string): void {
  rejectNul(path);
  const libc = loadLibc();
  if (!libc) {
    remembered.clear();
    if (listByCommand(path).has(name)) runCommand(['setfattr', '-h', '-x', name, '--', path], path);
    remembered.clear();
  } else if (libc.lremovexattr(path, name) < 0 && !isAbsent(libc.errno())) {
    throw systemError(libc.errno(), 'lremovexattr', path);
  }
}

function setByCommand(path: string, name: string, value: Buffer): void {
  remembered.clear();
  // setfattr takes "0x" with no digits for a broken number.
  const text = value.length > 0 ? ['-v', `0x${value.toString('hex')}`] : [];
  runCommand(['setfattr', '-h', '-n', name, ...text, '--', path], path);
}

/**
 * A process a file would take minutes for a large tree, so getfattr answers for a whole directory at once; the answer
 * serves the walk that is under way and is forgotten when the event loop turns.
 */
const remembered = new Map<string, ReadonlyMap<string, ReadonlyMap<string, Buffer>>>();

function listByCommand(path: string, wants?: (name: string) => boolean): ReadonlyMap<string, Buffer> {
  const directory = dirname(path);
  let answers = remembered.get(directory);
  if (!answers) {
    answers = askGetfattr(directory);
    if (remembered.size === 0) setImmediate(() => remembered.clear()).unref();
    remembered.set(directory, answers);
  }
  const all = answers.get(path) ?? NONE;
  return wants ? new Map([...all].filter(([name]) => wants(name))) : all;
}

function askGetfattr(directory: string): ReadonlyMap<string, ReadonlyMap<string, Buffer>> {
  const script = 'getfattr --absolute-names -h -d -m - -e hex -- "$1" "$1"/* "$1"/.[!.]* "$1"/..?* 2>/dev/null; true';
  return parseGetfattr(runCommand(['sh', '-c', script, 'sh', directory], directory).toString());
}

/** Blocks of `# file: <path>` and `name=0x…`, with bytes of the path in octal where they could be mistaken. */
export function parseGetfattr(text: string): ReadonlyMap<string, ReadonlyMap<string, Buffer>> {
  const files = new Map<string, ReadonlyMap<string, Buffer>>();
  for (const block of text.split('\n\n')) {
    const [head = '', ...lines] = block.split('\n').filter((line) => line !== '');
    if (!head.startsWith('# file: ')) continue;
    const attributes = new Map<string, Buffer>();
    for (const line of lines) {
      const [name = '', value = ''] = line.split('=0x');
      attributes.set(unescapeOctal(name.replace(/=$/, '')), Buffer.from(value, 'hex'));
    }
    files.set(unescapeOctal(head.slice('# file: '.length)), attributes);
  }
  return files;
}

function unescapeOctal(text: string): string {
  const latin1 = Buffer.from(text).toString('latin1');
  const bytes = latin1.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
  return Buffer.from(bytes, 'latin1').toString();
}

function lazyBuffer(): () => Buffer {
  let buffer: Buffer | undefined;
  return () => {
    buffer ??= Buffer.allocUnsafeSlow(MAX_SIZE);
    return buffer;
  };
}
