/**
 * Programs of the classic Berkeley packet filter, as far as a seccomp filter needs them (linux/filter.h): one
 * accumulator, words loaded at fixed offsets, jumps forward only.
 */

/** BPF: load a word, jump, compare, mask, return. */
export const LOAD = 0x20;
export const JUMP = 0x05;
export const IF_EQUAL = 0x15;
export const IF_GREATER_OR_EQUAL = 0x35;
export const AND = 0x54;
export const RETURN = 0x06;

export interface Instruction {
  readonly code: number;
  readonly ifTrue: number;
  readonly ifFalse: number;
  readonly operand: number;
}

export type Program = readonly Instruction[];

/** An array of `struct sock_filter`, little endian. */
export function encodeProgram(program: Program): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, { code, ifTrue, ifFalse, operand }] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(operand >>> 0, index * 8 + 4);
  }
  return bytes;
}

/** An instruction that does not jump, or jumps by its operand. */
export function step(code: number, operand: number): Instruction {
  return { code, ifTrue: 0, ifFalse: 0, operand };
}

/** A comparison jumps over at most this many instructions. */
const MAX_SKIP = 255;

/** Jumps over the next `count` instructions when the comparison holds. */
export function skipIf(code: number, operand: number, count: number): Program {
  if (count <= MAX_SKIP) return [{ code, ifTrue: count, ifFalse: 0, operand }];
  return [{ code, ifTrue: 0, ifFalse: 1, operand }, step(JUMP, count)];
}

/** Jumps over the next `count` instructions when the comparison does not hold. */
export function skipUnless(code: number, operand: number, count: number): Program {
  if (count <= MAX_SKIP) return [{ code, ifTrue: 0, ifFalse: count, operand }];
  return [{ code, ifTrue: 1, ifFalse: 0, operand }, step(JUMP, count)];
}
