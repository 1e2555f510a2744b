import type { StageSource } from '../stage/split-stages.ts';
import type { FindingSink, Rule } from './rule.ts';
import { finding } from './rule.ts';

const RULE: Rule = { name: 'ConsistentInstructionCasing', page: 'consistent-instruction-casing' };

/** Keywords that are not written as most of them are; ARG in front of the first FROM does not count. */
export function checkInstructionCasing(stages: readonly StageSource[], sink: FindingSink): void {
  const instructions = stages.flatMap(({ from, instructions }) => [from, ...instructions]);
  const isLower = (keyword: string): boolean => keyword === keyword.toLowerCase();
  const isUpper = (keyword: string): boolean => keyword === keyword.toUpperCase();
  const lower = instructions.filter(({ keyword }) => isLower(keyword)).length;
  const upper = instructions.filter(({ keyword }) => isUpper(keyword)).length;
  const [matches, casing] = lower > upper ? [isLower, 'lowercase'] : [isUpper, 'uppercase'];
  for (const { keyword, range } of instructions) {
    if (matches(keyword)) continue;
    const message = `Command '${keyword}' should match the case of the command majority (${casing})`;
    sink.report(finding(RULE, message, range));
  }
}
