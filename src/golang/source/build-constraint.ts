/** What a file is built for: a target as Go's build tags know it. */
export interface BuildTarget {
  readonly os: string;
  readonly arch: string;
  readonly cgo: boolean;
  /** Those that `-tags` sets. */
  readonly tags?: readonly string[];
}

/** What images are built for, first of all; other architectures of Linux rarely have other facts. */
export const LINUX: BuildTarget = { os: 'linux', arch: 'amd64', cgo: true };

/** Operating systems and architectures that the last parts of a file's name may stand for (go/build/syslist.go). */
const SYSTEMS = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos'.split(
    ' ',
  ),
);
const ARCHITECTURES = new Set(
  '386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x sparc64 wasm'.split(' '),
);
const MOST_PARTS = 200;

/** Whether a file's name lets it be built: `x_windows.go`, `x_linux_arm64.go` (go help buildconstraint). */
export function nameIsBuilt(name: string, target: BuildTarget): boolean {
  const [, ...parts] = name
    .replace(/\.go$/, '')
    .replace(/_test$/, '')
    .split('_');
  const last = parts.at(-1) ?? '';
  const before = parts.at(-2) ?? '';
  if (SYSTEMS.has(last)) return last === target.os;
  if (!ARCHITECTURES.has(last)) return true;
  return last === target.arch && (!SYSTEMS.has(before) || before === target.os);
}

/** What `-tags` would have to name for an expression to hold that does not; none when no tags would do. */
export function missingTags(expression: string, target: BuildTarget): readonly string[] {
  if (constraintHolds(expression, target)) return [];
  const { tags: set = [] } = target;
  const isMissing = (tag: string) => !isKnownTag(tag) && !set.includes(tag);
  const names = new Set(partsOf(expression).filter((part) => /^[\p{L}\p{N}_.]+$/u.test(part) && isMissing(part)));
  const choices = names.size > MOST_TAGS ? [] : [...[...names].map((name) => [name]), [...names]];
  return choices.find((tags) => constraintHolds(expression, { ...target, tags: [...set, ...tags] })) ?? [];
}

const MOST_TAGS = 10;

/** Those that follow from the target, and `ignore`, which by agreement nobody sets. */
function isKnownTag(tag: string): boolean {
  const isTarget = SYSTEMS.has(tag) || ARCHITECTURES.has(tag) || ['cgo', 'unix', 'gc', 'gccgo', 'ignore'].includes(tag);
  return isTarget || /^go1\.\d+$/.test(tag);
}

function partsOf(expression: string): readonly string[] {
  return expression.match(/\(|\)|!|&&|\|\||[\p{L}\p{N}_.]+|\S/gu) ?? [];
}

/**
 * The value of an expression as `//go:build` has it. Tags that nobody sets are false, `ignore` among them; versions of Go
 * are true. What is no expression is false, as it is for Go.
 */
export function constraintHolds(expression: string, target: BuildTarget): boolean {
  const parts = partsOf(expression);
  if (parts.length > MOST_PARTS) return false;
  let at = 0;
  const or = (): boolean => {
    let value = and();
    while (parts[at] === '||') {
      at++;
      value = and() || value;
    }
    return value;
  };
  const and = (): boolean => {
    let value = not();
    while (parts[at] === '&&') {
      at++;
      value = not() && value;
    }
    return value;
  };
  const not = (): boolean => {
    const part = parts[at++];
    if (part === '!') return !not();
    if (part !== '(') return part !== undefined && tagHolds(part, target);
    const value = or();
    at++;
    return value;
  };
  return or() && at >= parts.length;
}

function tagHolds(tag: string, { os, arch, cgo, tags }: BuildTarget): boolean {
  if (tags?.includes(tag)) return true;
  if (tag === 'cgo') return cgo;
  if (tag === 'unix') return os !== 'windows' && os !== 'plan9' && os !== 'js';
  return tag === os || tag === arch || tag === 'gc' || /^go1\.\d+$/.test(tag);
}

/** Lines of `// +build` as one expression: spaces are or, commas are and, lines are and. */
export function oldConstraint(lines: readonly string[]): string {
  const and = (option: string) => option.split(',').join(' && ');
  const or = (line: string) => `(${line.trim().split(/\s+/).map(and).join(' || ')})`;
  return lines.map(or).join(' && ');
}
