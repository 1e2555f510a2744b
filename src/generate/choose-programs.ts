import { KnownError } from '../diagnostics/known-error.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { GoModule, GoProgram } from '../golang/module/go-module.ts';

/** Programs below these are tools of the project, not what it ships. */
const NOT_SHIPPED =
  /(?:^|\/)(?:_?examples?|samples?|demo|tools?|hack|scripts?|tests?|testing|e2e|internal|build|gen|generate|misc|contrib|extra|benchmarks?|docs?|dev|magefiles?|plugin|plugins|(?:tests?|mock|fake|bench|example)[-_][^/]*|[^/]*[-_]tests?)(?:\/|$)/;

/**
 * The programs to make images of; the last one is the default target. Of several the one in the module's root or named
 * as the module is the default, else the one that listens.
 * @throws KnownError GO_PROGRAM_MISSING when there is none, or none of that name.
 */
export function choosePrograms(module: GoModule, main: string | undefined): readonly GoProgram[] {
  if (main !== undefined) return [findProgram(module, main)];
  const shipped = shippedPrograms(module);
  if (shipped.length > 0) return [...shipped].sort((a, b) => rank(module, a) - rank(module, b));
  throw new KnownError(
    'GO_PROGRAM_MISSING',
    `The module ${module.root.importPath} has no main package, so there is nothing to run in an image.`,
    { hint: 'A library needs no Dockerfile; name the folder of a program with its own go.mod, or --main FOLDER.' },
  );
}

/** Whether a program lies where projects keep what helps to make them. */
export function looksLikeTool({ dir }: GoProgram): boolean {
  return NOT_SHIPPED.test(dir);
}

/** What a project ships: its own programs, or all of them when none looks like that. Of one that also lies in the root there, under its name, the root's. */
export function shippedPrograms({ programs, root }: GoModule): readonly GoProgram[] {
  const inRoot = programs.filter(({ dir }) => dir === root.dir);
  const commands = programs.filter(
    ({ dir, binary }) =>
      /(?:^|\/)cmd\/[^/]+$/.test(dir) && !NOT_SHIPPED.test(dir) && inRoot.every((other) => other.binary !== binary),
  );
  const others = programs.filter(({ dir }) => dir !== root.dir && !NOT_SHIPPED.test(dir));
  if (inRoot.length > 0) return [...commands, ...inRoot];
  if (commands.length > 0) return commands;
  return others.length > 0 ? others : programs.length === 1 ? programs : [];
}

function findProgram({ programs }: GoModule, main: string): GoProgram {
  const wanted = main.replace(/^\.\//, '').replace(/\/+$/, '');
  const found =
    programs.find(({ dir }) => dir === wanted || (wanted === '.' && dir === '')) ??
    programs.find(({ binary }) => binary === wanted);
  if (found) return found;
  const names = programs.flatMap(({ binary, dir }) => [binary, dir]);
  const meant = nearest(wanted, names);
  throw new KnownError('GO_PROGRAM_MISSING', `No main package is ${JSON.stringify(main)}.`, {
    hint: meant
      ? `Did you mean ${JSON.stringify(meant)}?`
      : `There are: ${
          programs
            .map(({ dir }) => dir || '.')
            .slice(0, 12)
            .join(', ') || 'none'
        }.`,
  });
}

/** Higher is nearer to what people mean by the project's name. */
function rank({ root }: GoModule, { dir, binary, ports }: GoProgram): number {
  const elements = root.importPath.split('/').filter((element) => !/^v\d+$/.test(element));
  return (ports.length > 0 ? 2 : 0) + (dir === root.dir ? 1 : 0) + (binary === elements.at(-1) ? 4 : 0);
}
