import type { EnvInstruction, LabelInstruction } from '../../../dockerfile/ast.ts';
import type { FindingSink, Rule } from './rule.ts';
import { finding } from './rule.ts';

const RULE: Rule = { name: 'LegacyKeyValueFormat', page: 'legacy-key-value-format' };

/** `ENV key value` instead of `ENV key=value`. */
export function checkLegacyKeyValueFormat(instruction: EnvInstruction | LabelInstruction, sink: FindingSink): void {
  const { keyword } = instruction;
  const message = `"${keyword} key=value" should be used instead of legacy "${keyword} key value" format`;
  for (const pair of instruction.pairs) {
    if (pair.legacy) sink.report(finding(RULE, message, instruction.range));
  }
}
