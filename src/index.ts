/** The public API: everything the command can do, as functions over plain data. */
export { build } from './build/build.ts';
export type { BuildOptions, BuildResult } from './build/build-options.ts';
export type { BuildEvent } from './build/progress/build-event.ts';
export { type RunEnvironment, runContainer } from './container/run-container.ts';
export type { RunOptions } from './container/run-options.ts';
export type { Diagnostic } from './diagnostics/diagnostic.ts';
export { KnownError } from './diagnostics/known-error.ts';
export { RegistryAccess } from './distribution/registry-access.ts';
export { openStore, type Store } from './distribution/store.ts';
export { parseDockerfile } from './dockerfile/dockerfile.ts';
export { type ExplainOptions, explain } from './explain/explain.ts';
export type { Explanation } from './explain/explanation.ts';
export { explainPage } from './explain/html/explain-page.ts';
export { type BuildOutlook, plan } from './explain/plan.ts';
