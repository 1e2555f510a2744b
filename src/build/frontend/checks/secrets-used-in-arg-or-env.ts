import type { SourceRange } from '../../../diagnostics/source-range.ts';
import type { FindingSink, Rule } from './rule.ts';
import { finding } from './rule.ts';

const RULE: Rule = { name: 'SecretsUsedInArgOrEnv', page: 'secrets-used-in-arg-or-env' };
const SECRET = /(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)/i;
const HARMLESS = /(?:_|^)public(?:_|$)/i;

interface Variable {
  readonly name: string;
  readonly range: SourceRange;
}

/** A variable whose name says that it is a secret: its value stays in the image. */
export function checkSecretsUsed(keyword: 'ARG' | 'ENV', variable: Variable, sink: FindingSink): void {
  if (!SECRET.test(variable.name) || HARMLESS.test(variable.name)) return;
  const shown = JSON.stringify(variable.name);
  const message = `Do not use ARG or ENV instructions for sensitive data (${keyword} ${shown})`;
  sink.report(finding(RULE, message, variable.range));
}
