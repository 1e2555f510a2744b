import { KnownError } from '../../../diagnostics/known-error.ts';
import type { CopyRequest } from './copy-request.ts';

const OCTAL = /^[0-7]+$/;
const SYMBOLIC_CLAUSE = /^[ugoa]*(?:[-+=][rwxXstugo]*)+$/;

/** @throws KnownError DOCKERFILE_INVALID_VALUE for a --chmod that is neither octal up to 07777 nor symbolic. */
export function checkChmod({ chmod, instruction }: CopyRequest): void {
  const octal = OCTAL.test(chmod) && Number.parseInt(chmod, 8) <= 0o7777;
  const symbolic = chmod.split(',').every((clause) => SYMBOLIC_CLAUSE.test(clause));
  if (chmod === '' || octal || symbolic) return;
  throw new KnownError('DOCKERFILE_INVALID_VALUE', `--chmod=${chmod} is no file mode.`, {
    hint: 'Write an octal number such as 0755, or a change such as u=rwX,go=rX.',
    range: instruction.range,
  });
}
