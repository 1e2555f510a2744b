import type { Dockerfile } from '../../../dockerfile/ast.ts';
import type { FindingSink, Rule } from './rule.ts';
import { finding } from './rule.ts';

const RULE: Rule = { name: 'NoEmptyContinuation', page: 'no-empty-continuation' };

/** Found by the parser, which alone sees the lines; reported in BuildKit's words. */
export function checkEmptyContinuation(dockerfile: Dockerfile, sink: FindingSink): void {
  for (const { code, range } of dockerfile.warnings) {
    if (code === RULE.name) sink.report(finding(RULE, 'Empty continuation line', range));
  }
}
