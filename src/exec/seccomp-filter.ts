/**
 * The seccomp profile as a program for the kernel (seccomp(2), classic BPF): for an executor that has no libseccomp to
 * make one. Numbers that are allowed are looked for in a tree of ranges, so that a call costs some eight comparisons.
 */
import {
  AND,
  encodeProgram,
  IF_EQUAL,
  IF_GREATER_OR_EQUAL,
  LOAD,
  type Program,
  RETURN,
  skipIf,
  skipUnless,
  step,
} from './bpf-program.ts';
import { type SeccompProfile, type SeccompRule, seccompProfile } from './seccomp-profile.ts';
import { LAST_NUMBER, type SyscallArchitecture, syscallNumbers } from './syscall-numbers.ts';

/** What AUDIT_ARCH_… says in a call's data: the ELF machine, 64 bits, little endian. */
const AUDIT: Readonly<Record<SyscallArchitecture, number>> = {
  x86_64: 0xc000003e,
  i386: 0x40000003,
  aarch64: 0xc00000b7,
  arm: 0x40000028,
};

/** The processor's own calls, and those of its 32-bit programs. */
const ARCHITECTURES: Readonly<Record<string, readonly [SyscallArchitecture, SyscallArchitecture]>> = {
  x64: ['x86_64', 'i386'],
  arm64: ['aarch64', 'arm'],
};

/** Offsets in struct seccomp_data; arguments are 64 bits, their low half first. */
const NUMBER_AT = 0;
const ARCHITECTURE_AT = 4;
const argumentAt = (index: number): number => 16 + 8 * index;

const ALLOW = 0x7fff0000;
const KILL_PROCESS = 0x80000000;
const errno = (code: number): number => 0x00050000 | code;
const ENOSYS = 38;

/** ioctl_tty(2): what types for the user, and what pastes into a text screen. */
const TERMINAL_INPUT = [0x5412, 0x541c];

export interface FilterOptions {
  /** The user's own terminal is passed on: nothing may be typed into it. */
  readonly sharesTerminal?: boolean;
}

/** Bytes for `struct sock_fprog`; undefined on a processor whose numbers are not known here. */
export function seccompFilter(machine: string = process.arch, options: FilterOptions = {}): Buffer | undefined {
  const key = `${machine} ${options.sharesTerminal}`;
  if (!filters.has(key)) filters.set(key, filterOf(machine, options));
  return filters.get(key);
}

/** Made once. */
const filters = new Map<string, Buffer | undefined>();

function filterOf(machine: string, options: FilterOptions): Buffer | undefined {
  const program = seccompProgram(machine, options);
  return program && encodeProgram(program);
}

export function seccompProgram(machine: string, { sharesTerminal }: FilterOptions = {}): Program | undefined {
  const docker = seccompProfile(machine);
  const architectures = ARCHITECTURES[machine];
  if (!docker || !architectures) return undefined;
  const profile = sharesTerminal ? { ...docker, syscalls: [...noTerminalInput(), ...docker.syscalls] } : docker;
  return [
    step(LOAD, ARCHITECTURE_AT),
    ...architectures.flatMap((architecture) => {
      const block = architectureBlock(architecture, profile);
      return [...skipUnless(IF_EQUAL, AUDIT[architecture], block.length), ...block];
    }),
    step(RETURN, KILL_PROCESS),
  ];
}

function noTerminalInput(): SeccompRule[] {
  return TERMINAL_INPUT.map((value) => ({
    names: ['ioctl'],
    action: 'SCMP_ACT_ERRNO',
    args: [{ index: 1, value, op: 'SCMP_CMP_EQ' }],
  }));
}

function architectureBlock(architecture: SyscallArchitecture, profile: SeccompProfile): Program {
  const numbers = syscallNumbers(architecture);
  const decisions = new Map<number, Program>();
  for (const [name, rules] of rulesByName(profile)) {
    const number = numbers.get(name);
    if (number !== undefined) decisions.set(number, decide(rules, profile));
  }
  return [step(LOAD, NUMBER_AT), ...searchTree(rangesOf(decisions, profile))];
}

function rulesByName({ syscalls }: SeccompProfile): ReadonlyMap<string, readonly SeccompRule[]> {
  const byName = new Map<string, SeccompRule[]>();
  for (const rule of syscalls) {
    for (const name of rule.names) byName.set(name, [...(byName.get(name) ?? []), rule]);
  }
  return byName;
}

/** What is done about one call: the first rule that holds, else the profile's default. */
function decide(rules: readonly SeccompRule[], profile: SeccompProfile): Program {
  const tests = rules.flatMap((rule) => {
    const verdict = [step(RETURN, rule.action === 'SCMP_ACT_ALLOW' ? ALLOW : errno(rule.errnoRet ?? 1))];
    return rule.args === undefined ? verdict : rule.args.flatMap((arg) => argumentTest(arg, verdict));
  });
  const isSettled = rules.some(({ args }) => args === undefined);
  return isSettled ? tests : [...tests, step(RETURN, errno(profile.defaultErrnoRet))];
}

/** The kernel looks at the low half only of the arguments that the profile names; so does this. */
function argumentTest(
  { index, value, valueTwo, op }: NonNullable<SeccompRule['args']>[number],
  verdict: Program,
): Program {
  const load = step(LOAD, argumentAt(index));
  const skipped = verdict.length;
  switch (op) {
    case 'SCMP_CMP_EQ':
      return [load, ...skipUnless(IF_EQUAL, value, skipped), ...verdict];
    case 'SCMP_CMP_LT':
      return [load, ...skipIf(IF_GREATER_OR_EQUAL, value, skipped), ...verdict];
    case 'SCMP_CMP_GT':
      return [load, ...skipUnless(IF_GREATER_OR_EQUAL, value + 1, skipped), ...verdict];
    case 'SCMP_CMP_MASKED_EQ':
      return [load, step(AND, value), ...skipUnless(IF_EQUAL, valueTwo ?? 0, skipped), ...verdict];
  }
}

/** What holds from a number up to the next range's. */
interface Range {
  readonly from: number;
  readonly decision: Program;
}

/** A call that came into Linux after these numbers were written down looks as if the kernel lacked it, as x32's do. */
function rangesOf(decisions: ReadonlyMap<number, Program>, profile: SeccompProfile): Range[] {
  const refused = [step(RETURN, errno(profile.defaultErrnoRet))];
  const unknown = [step(RETURN, errno(ENOSYS))];
  const starts = new Set([0, LAST_NUMBER + 1, ...[...decisions.keys()].flatMap((number) => [number, number + 1])]);
  const ranges: Range[] = [];
  for (const from of [...starts].sort((a, b) => a - b)) {
    const decision = decisions.get(from) ?? (from > LAST_NUMBER ? unknown : refused);
    if (!isSame(ranges.at(-1)?.decision, decision)) ranges.push({ from, decision });
  }
  return ranges;
}

function isSame(a: Program | undefined, b: Program): boolean {
  return a?.length === 1 && b.length === 1 && a[0]?.operand === b[0]?.operand;
}

function searchTree(ranges: readonly Range[]): Program {
  if (ranges.length === 1) return ranges[0]?.decision ?? [];
  const middle = ranges.length >> 1;
  const lower = searchTree(ranges.slice(0, middle));
  const from = ranges[middle]?.from ?? 0;
  return [...skipIf(IF_GREATER_OR_EQUAL, from, lower.length), ...lower, ...searchTree(ranges.slice(middle))];
}
