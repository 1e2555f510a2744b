import type { ArgInstruction, FromInstruction, Instruction } from '../../../dockerfile/ast.ts';
import type { FindingSink, Rule } from './rule.ts';
import { finding } from './rule.ts';

const MAINTAINER: Rule = { name: 'MaintainerDeprecated', page: 'maintainer-deprecated' };
const STAGE_CASING: Rule = { name: 'StageNameCasing', page: 'stage-name-casing' };
const AS_CASING: Rule = { name: 'FromAsCasing', page: 'from-as-casing' };
const DESCRIPTION: Rule = { name: 'InvalidDefinitionDescription', page: 'invalid-definition-description' };

/** What can be said of one instruction by itself. */
export function checkInstruction(instruction: Instruction, sink: FindingSink): void {
  if (instruction.kind === 'MAINTAINER') {
    const message = 'Maintainer instruction is deprecated in favor of using label';
    sink.report(finding(MAINTAINER, message, instruction.range));
  }
  if (instruction.kind === 'FROM') checkFrom(instruction, sink);
  if (instruction.kind === 'ARG')
    checkDescription(
      instruction,
      instruction.args.map(({ name }) => name.text),
      sink,
    );
}

function checkFrom(from: FromInstruction, sink: FindingSink): void {
  const name = from.stageName?.text;
  if (name === undefined) return;
  if (name !== name.toLowerCase()) {
    sink.report(finding(STAGE_CASING, `Stage name '${name}' should be lowercase`, from.range));
  }
  checkAsCasing(from, sink);
  checkDescription(from, [name.toLowerCase()], sink);
}

/** A FROM of mixed case is the business of ConsistentInstructionCasing. */
function checkAsCasing({ keyword, original, range }: FromInstruction, sink: FindingSink): void {
  const as = /\s(as)\s+\S+\s*$/i.exec(original)?.[1];
  const isLower = keyword === keyword.toLowerCase();
  if (as === undefined || (!isLower && keyword !== keyword.toUpperCase())) return;
  if (as === (isLower ? as.toLowerCase() : as.toUpperCase())) return;
  sink.report(finding(AS_CASING, `'${as}' and '${keyword}' keywords' casing do not match`, range));
}

/** A comment right above a stage or an argument describes it, and then begins with its name. */
function checkDescription(
  instruction: FromInstruction | ArgInstruction,
  names: readonly string[],
  sink: FindingSink,
): void {
  const [first = ''] = instruction.comment.at(-1)?.split(' ') ?? [];
  const [name, ...more] = names;
  if (instruction.comment.length === 0 || name === undefined || names.includes(first)) return;
  const example = more.length > 0 ? '<arg_key>' : name;
  const message = `Comment for ${instruction.kind} should follow the format: \`# ${example} <description>\``;
  sink.report(finding(DESCRIPTION, message, instruction.range));
}
