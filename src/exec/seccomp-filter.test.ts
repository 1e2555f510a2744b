import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { Instruction } from './bpf-program.ts';
import { seccompFilter, seccompProgram } from './seccomp-filter.ts';
import { seccompProfile } from './seccomp-profile.ts';
import { LAST_NUMBER, type SyscallArchitecture, syscallNumbers } from './syscall-numbers.ts';

const AUDIT = { x86_64: 0xc000003e, i386: 0x40000003, aarch64: 0xc00000b7, arm: 0x40000028 } as const;
const MACHINES = { x64: ['x86_64', 'i386'], arm64: ['aarch64', 'arm'] } as const;
const ALLOW = 'allow';
const [EPERM, ENOSYS] = ['errno 1', 'errno 38'];

interface Call {
  readonly architecture: number;
  readonly number: number;
  readonly args?: readonly bigint[];
}

/** What the kernel's interpreter does with the instructions that are used (linux/filter.h). */
function verdict(program: readonly Instruction[], { architecture, number, args = [] }: Call): string {
  const words = [number, architecture, 0, 0, ...args.flatMap((arg) => [Number(arg & 0xffffffffn), Number(arg >> 32n)])];
  let accumulator = 0;
  for (let at = 0; ; at++) {
    const { code, ifTrue, ifFalse, operand } = program[at] ?? assert.fail(`ran out of the program at ${at}`);
    if (code === 0x06) return nameOf(operand >>> 0);
    if (code === 0x20) accumulator = (words[operand / 4] ?? 0) >>> 0;
    else if (code === 0x54) accumulator = (accumulator & operand) >>> 0;
    else if (code === 0x05) at += operand;
    else if (code === 0x15) at += accumulator === operand >>> 0 ? ifTrue : ifFalse;
    else if (code === 0x35) at += accumulator >= operand >>> 0 ? ifTrue : ifFalse;
    else assert.fail(`no such instruction: ${code}`);
  }
}

function nameOf(value: number): string {
  if (value === 0x7fff0000) return ALLOW;
  return value === 0x80000000 ? 'kill' : `errno ${value & 0xffff}`;
}

for (const machine of ['x64', 'arm64'] as const) {
  describe(machine, () => {
    const program = seccompProgram(machine) ?? assert.fail();
    const settled = new Set(seccompProfile(machine)?.syscalls.flatMap(({ names, args }) => (args ? [] : names)));

    for (const architecture of MACHINES[machine]) {
      test(`${architecture}: allows what the profile lists, and nothing else`, () => {
        const byNumber = new Map([...syscallNumbers(architecture)].map(([name, number]) => [number, name]));
        for (let number = 0; number <= LAST_NUMBER; number++) {
          const name = byNumber.get(number) ?? '';
          if (!settled.has(name) && ['socket', 'personality', 'clone'].includes(name)) continue;
          const expected = name === 'clone3' ? ENOSYS : settled.has(name) ? ALLOW : EPERM;
          assert.equal(verdict(program, { architecture: AUDIT[architecture], number }), expected, `${name} ${number}`);
        }
      });
    }

    const own = MACHINES[machine][0];
    const conditions: [name: string, arg: bigint, expected: string][] = [
      ['socket', 2n, ALLOW],
      ['socket', 38n, EPERM],
      ['socket', 39n, ALLOW],
      ['socket', 40n, EPERM],
      ['socket', 41n, ALLOW],
      ['socket', (1n << 32n) | 38n, EPERM],
      ['personality', 0n, ALLOW],
      ['personality', 0xffffffffn, ALLOW],
      ['personality', 0x40000n, EPERM],
      ['clone', 0x11n, ALLOW],
      ['clone', 0x20000011n, EPERM],
      ['clone', 0x10000011n, EPERM],
    ];
    for (const [name, arg, expected] of conditions) {
      test(`${name}(${arg}): ${expected}`, () => {
        const number = syscallNumbers(own).get(name) ?? assert.fail();
        assert.equal(verdict(program, { architecture: AUDIT[own], number, args: [arg] }), expected);
      });
    }

    test('nothing types into a terminal that is shared', () => {
      const number = syscallNumbers(own).get('ioctl') ?? assert.fail();
      const call = (command: bigint): Call => ({ architecture: AUDIT[own], number, args: [0n, command] });
      const shared = seccompProgram(machine, { sharesTerminal: true }) ?? assert.fail();
      assert.deepEqual(
        [0x5412n, 0x541cn, 0x5413n].map((command) => verdict(shared, call(command))),
        [EPERM, EPERM, ALLOW],
      );
      assert.equal(verdict(program, call(0x5412n)), ALLOW);
    });

    test('calls of kernels to come, and of x32, are not there', () => {
      for (const number of [LAST_NUMBER + 1, 600, 0x40000000, 0x40000101, 0xffffffff]) {
        assert.equal(verdict(program, { architecture: AUDIT[own], number }), ENOSYS, String(number));
      }
    });

    test('any other architecture is killed', () => {
      assert.equal(verdict(program, { architecture: 0x16, number: 0 }), 'kill');
    });

    test('the kernel takes it: at most 4096 instructions, and no jump out of it', () => {
      assert.ok(program.length <= 4096);
      assert.equal(seccompFilter(machine)?.length, program.length * 8);
      for (const [at, { ifTrue, ifFalse, code, operand }] of program.entries()) {
        const target = at + 1 + Math.max(ifTrue, ifFalse, code === 0x05 ? operand : 0);
        assert.ok(ifTrue <= 255 && ifFalse <= 255 && target <= program.length, `at ${at}`);
      }
    });
  });
}

test('a processor without numbers has no filter', () => {
  assert.equal(seccompFilter('s390x'), undefined);
});

const HEADERS: [SyscallArchitecture, string][] = [
  ['x86_64', '/usr/include/x86_64-linux-gnu/asm/unistd_64.h'],
  ['i386', '/usr/include/x86_64-linux-gnu/asm/unistd_32.h'],
];
for (const [architecture, header] of HEADERS) {
  test(`${architecture}: numbers are those of the kernel's headers`, {
    skip: existsSync(header) ? false : `${header} is not there`,
  }, () => {
    const known = syscallNumbers(architecture);
    const listed = [...readFileSync(header, 'latin1').matchAll(/^#define __NR_(\w+) (\d+)$/gm)];
    const common = listed.filter(([, name = '']) => known.has(name));
    assert.ok(common.length > 290, String(common.length));
    for (const [, name = '', number] of common) assert.equal(known.get(name), Number(number), name);
  });
}
