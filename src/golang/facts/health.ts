import type { Found } from '../module/go-module.ts';
import { distinct, type ProgramFile, type ProgramSources, placeIn } from './program-sources.ts';

const ROUTE =
  /^(?:(?:GET|HEAD) )?(\/(?:[\w.-]+\/){0,4}_?(?:health(?:z|check|-check|_check)?|livez?|liveness|readyz?|readiness|ping|status))\/?$/i;
/** Most telling first. */
const RANKS = [/health/i, /live/i, /ready|readiness/i, /ping/i, /status/i];

/** Routes that look like a health check, the most telling first. */
export function healthRoutes({ files }: ProgramSources): readonly Found[] {
  const routes = files.flatMap((file) =>
    [...file.source.strings].flatMap(([text, line]) => {
      const route = ROUTE.exec(text)?.[1];
      return route === undefined ? [] : [{ value: route, at: placeIn(file, line) }];
    }),
  );
  return [...distinct(routes)].sort((a, b) => rank(a.value) - rank(b.value) || a.value.length - b.value.length);
}

function rank(route: string): number {
  const name = route.slice(route.lastIndexOf('/') + 1);
  return RANKS.findIndex((pattern) => pattern.test(name));
}

const COMMAND = /^(?:health|healthz|healthcheck|health-check|health_check)$/;

/**
 * How a program checks a running copy of itself: a flag of that name, a subcommand of cobra or urfave/cli, or a word that
 * it looks for among its arguments.
 */
export function healthCommand({ files }: ProgramSources): Found<readonly string[]> | undefined {
  for (const file of files) {
    const flag = healthFlag(file);
    if (flag) return flag;
    for (const { name, value, line } of file.source.bindings) {
      const isCommand = (name === 'Use' || name === 'Name') && value.kind === 'literal' && COMMAND.test(value.text);
      if (isCommand && takesSubcommands(file)) return { value: [value.text], at: placeIn(file, line) };
    }
    if (!file.source.references.has('os.Args') && !file.source.references.has('flag.Arg')) continue;
    for (const [text, line] of file.source.strings) {
      if (COMMAND.test(text)) return { value: [text], at: placeIn(file, line) };
      if (/^--?health-?check$/.test(text)) return { value: [text], at: placeIn(file, line) };
    }
  }
  return undefined;
}

function takesSubcommands({ source }: ProgramFile): boolean {
  return source.imports.some(({ path }) => /spf13\/cobra|urfave\/cli|alecthomas\/kong/.test(path));
}

function healthFlag(file: ProgramFile): Found<readonly string[]> | undefined {
  for (const { callee, args, line } of file.source.calls) {
    const method = callee.at(-1) ?? '';
    const name = args[method.startsWith('BoolVar') ? 1 : 0];
    if (!/^Bool(?:Var)?P?$/.test(method) || name?.kind !== 'literal' || !COMMAND.test(name.text)) continue;
    const isOneDash = [...file.importNames.values()].includes('flag');
    return { value: [`${isOneDash ? '-' : '--'}${name.text}`], at: placeIn(file, line) };
  }
  return undefined;
}
