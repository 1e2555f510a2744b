import type { Found } from '../module/go-module.ts';
import { calledPackage, distinct, type ProgramSources, placeIn } from './program-sources.ts';
import { ENVIRONMENT_NAME } from './value.ts';

/** Calls of time.LoadLocation, and of a driver that makes them; those that name only UTC or Local need no zones. */
export function timeZones({ files, names }: ProgramSources): readonly Found[] {
  const zones = files.flatMap((file) =>
    file.source.calls
      .filter((call) => call.callee.at(-1) === 'LoadLocation' && calledPackage(call, file) === 'time')
      .map((call) => ({
        value: (call.args[0] && names.evaluate(call.args[0], file).text) ?? 'a zone chosen at run time',
        at: placeIn(file, call.line),
      })),
  );
  return distinct(
    [...zones, ...zonesOfMysql(files)].filter(({ value }) => value !== 'UTC' && value !== 'Local' && value !== ''),
  );
}

const MYSQL = /^(?:github\.com\/go-sql-driver\/mysql|gorm\.io\/driver\/mysql)$/;

/** The parameter `loc` of a data source: in its text, or as a key of what is encoded into one. */
function zonesOfMysql(files: ProgramSources['files']): readonly Found[] {
  if (!files.some(({ source }) => source.imports.some(({ path }) => MYSQL.test(path)))) return [];
  return files.flatMap((file) =>
    [...file.source.strings].flatMap(([text, line]) => {
      const match = /(?:^|[?&])loc(?:$|=([^&]*))/.exec(text);
      if (!match) return [];
      return [{ value: match[1]?.replaceAll('%2F', '/') ?? 'the zone of the database', at: placeIn(file, line) }];
    }),
  );
}

export function embedsTimeZones({ files }: ProgramSources): boolean {
  return files.some(({ source }) => source.imports.some(({ path }) => path === 'time/tzdata'));
}

/** Libraries that wait for SIGTERM and SIGINT themselves. */
const WAITING = new Map([
  ['sigs.k8s.io/controller-runtime.SetupSignalHandler', 'SIGTERM'],
  ['k8s.io/apiserver/pkg/server.SetupSignalContext', 'SIGTERM'],
  ['go.uber.org/fx.New', 'SIGTERM'],
  ['github.com/caddyserver/caddy/v2/cmd.Main', 'SIGTERM'],
  ['os.Interrupt', 'SIGINT'],
]);

/** Signals that a program waits for; one that is only sent to other processes looks the same. */
export function signals({ files }: ProgramSources): readonly Found[] {
  const found = files.flatMap((file) => {
    const named = [...file.source.references].flatMap(([reference, line]) => {
      const name =
        WAITING.get(reference) ?? /^(?:syscall|golang\.org\/x\/sys\/unix)\.(SIG[A-Z0-9]+)$/.exec(reference)?.[1];
      return name === undefined ? [] : [{ value: name, at: placeIn(file, line) }];
    });
    const all = file.source.calls
      .filter((call) => calledPackage(call, file) === 'os/signal' && isForAll(call.callee.at(-1), call.args.length))
      .map(({ line }) => ({ value: 'all', at: placeIn(file, line) }));
    const waits =
      file.source.imports.some(({ path }) => path === 'os/signal') || named.some(({ value }) => value === 'SIGTERM');
    return waits ? [...named, ...all] : [];
  });
  return distinct(found);
}

/** signal.Notify(c) and signal.NotifyContext(ctx) without signals get every one. */
function isForAll(name: string | undefined, args: number): boolean {
  return (name === 'Notify' || name === 'NotifyContext') && args === 1;
}

/** Environment variables that are read by a name in the sources, or in a struct's tags. */
export function environment({ files, names }: ProgramSources): readonly Found[] {
  const found = files.flatMap((file) => [
    ...file.source.calls.flatMap(({ callee, args, line }) => {
      const [first] = args;
      const isReader = /env/i.test(callee.join('.')) && !/setenv|expand/i.test(callee.join('.'));
      const name = isReader && first ? names.evaluate(first, file).text : undefined;
      return name !== undefined && ENVIRONMENT_NAME.test(name) ? [{ value: name, at: placeIn(file, line) }] : [];
    }),
    ...file.source.tags.flatMap(({ tag, line }) => {
      const name = /(?:^|\s)env(?:config)?:"([A-Z][A-Z0-9_]*)/.exec(tag)?.[1];
      return name === undefined ? [] : [{ value: name, at: placeIn(file, line) }];
    }),
  ]);
  return distinct(found);
}
