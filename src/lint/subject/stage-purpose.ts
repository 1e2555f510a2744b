import type { LintStage, LintSubject } from './lint-subject.ts';

const DEVELOPMENT =
  /(?:^|[-_.])(?:dev|devel|development|debug|debugger|test|tests|testing|lint|ci|hot|local)(?:$|[-_.\d])/;

/** By its name, or the Dockerfile's (`Dockerfile.dev`), it is for work on the program and not for its users. */
export function isForDevelopment({ dockerfile }: LintSubject, { name }: LintStage): boolean {
  const file = dockerfile.file.slice(dockerfile.file.lastIndexOf('/') + 1).toLowerCase();
  return DEVELOPMENT.test(name ?? '') || DEVELOPMENT.test(file);
}
