import { KnownError } from '../../../diagnostics/known-error.ts';
import { expandWord } from '../../../dockerfile/expand-word.ts';
import { parseReference } from '../../../image/reference.ts';
import { globalArgs } from '../stage/global-args.ts';
import type { CheckedDockerfile } from './check-dockerfile.ts';
import type { FindingSink, Rule } from './rule.ts';
import { finding } from './rule.ts';

const RULE: Rule = { name: 'InvalidDefaultArgInFrom', page: 'invalid-default-arg-in-from' };

/** A base that is no name of an image when no --build-arg is given. What cannot be expanded fails elsewhere. */
export function checkDefaultArgs({ dockerfile, split, predefined }: CheckedDockerfile, sink: FindingSink): void {
  const { escape: escapeCharacter } = dockerfile;
  try {
    const { values } = globalArgs(split.globalArgs, { predefined, buildArgs: {}, escape: escapeCharacter });
    for (const { from } of split.stages) {
      const name = expandWord(from.image.text, values, { escape: escapeCharacter }).text;
      if (isReference(name)) continue;
      const message = `Default value for ARG ${from.image.text} results in empty or invalid base image name`;
      sink.report(finding(RULE, message, from.range));
    }
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
  }
}

function isReference(name: string): boolean {
  try {
    parseReference(name);
    return true;
  } catch (error) {
    if (error instanceof KnownError) return false;
    throw error;
  }
}
