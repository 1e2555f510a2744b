import type { FromInstruction } from '../ast.ts';
import { plainList } from './arguments.ts';
import type { InstructionSyntax } from './instruction-syntax.ts';
import { invalid } from './instruction-syntax.ts';

/** Names are compared without regard to case; `stageName` keeps the case it was written in. */
export const from: InstructionSyntax<FromInstruction> = {
  kind: 'FROM',
  flags: { platform: 'string' },
  parse(statement) {
    const [image, as, stageName, ...rest] = plainList(statement);
    if (!image || rest.length > 0 || (as && !stageName) || (as && as.text.toLowerCase() !== 'as')) {
      throw invalid(statement, 'FROM takes one image, and AS with a name behind it.', {
        hint: 'For example: FROM golang:1.26 AS build',
      });
    }
    if (stageName && !/^[a-z][a-z0-9-_.]*$/.test(stageName.text.toLowerCase())) {
      throw invalid(statement, `"${stageName.text}" cannot be the name of a stage.`, {
        code: 'DOCKERFILE_INVALID_VALUE',
        range: stageName.range,
        hint: 'A name begins with a letter and goes on with letters, digits, "-", "_" and ".".',
      });
    }
    return { kind: 'FROM', image, stageName };
  },
};
