/** The public API: everything the command can do, as functions over plain data. */
export { build } from './build/build.ts';
export type { BuildOptions, BuildResult } from './build/build-options.ts';
export type { BuildEvent } from './build/progress/build-event.ts';
export type { Diagnostic } from './diagnostics/diagnostic.ts';
export { KnownError } from './diagnostics/known-error.ts';
export { parseDockerfile } from './dockerfile/dockerfile.ts';
