import type { GoProgram } from '../golang/module/go-module.ts';
import type { BaseKind } from './image-plan.ts';

interface HealthCheckPlan {
  readonly check: readonly string[] | undefined;
  readonly why: string;
}

/** A check of the program at `path` that listens on `port`, which can run in the base: the program's own, or wget where the base has one; else none, and why. */
export function planHealthCheck(
  { healthCommand, healthRoutes }: GoProgram,
  { base, path, port }: { readonly base: BaseKind; readonly path: string; readonly port: number | undefined },
): HealthCheckPlan {
  if (healthCommand) return { check: [path, ...healthCommand.value], why: 'the program checks itself' };
  const [route] = healthRoutes;
  if (port === undefined) return { check: undefined, why: 'it is not known to listen' };
  if (!route) return { check: undefined, why: 'no route for health was found in the sources' };
  const url = `http://127.0.0.1:${port}${route.value}`;
  if (base === 'alpine')
    return { check: ['wget', '-q', '-O', '/dev/null', url], why: `busybox has wget, and ${route.value} answers` };
  return { check: undefined, why: `${base} has nothing to ask ${route.value} with; an orchestrator asks from outside` };
}
