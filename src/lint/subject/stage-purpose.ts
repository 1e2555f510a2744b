import type { LintStage, LintSubject } from './lint-subject.ts';

const DEVELOPMENT =
  /(?:^|[-_.])(?:dev|devel|devcontainer|development|tilt|debug|debugger|test|tests|testing|lint|ci|hot|local)(?:$|[-_.\d])/;

/** By its name, the Dockerfile's (`Dockerfile.dev`) or its folder's (`.devcontainer`), it is for work on the program and not for its users. */
export function isForDevelopment({ dockerfile }: LintSubject, { name }: LintStage): boolean {
  const [file = '', folder = ''] = dockerfile.file.toLowerCase().split('/').reverse();
  return [name ?? '', file, folder].some((text) => DEVELOPMENT.test(text));
}
