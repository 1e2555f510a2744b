/** What each step of a Dockerfile stands for, read without any of the code that makes keys: two steps that stand for the same are one. */
import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface Given {
  readonly dir: string;
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** What the steps before have put at a path: that is all a `COPY --from` may see. */
  readonly outputs: Readonly<Record<string, string>>;
}

interface Stage {
  readonly name: string;
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly steps: number;
  /** Names of the stages it cannot be made without. */
  readonly needs: readonly string[];
}

/** By stage and place, as builders show it (`source 2`), of the stages that the last one needs. Of the language it knows what the tests use. */
export function modelOf(given: Given): ReadonlyMap<string, string> {
  const models = new Map<string, string>();
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const line of given.dockerfile.split('\n')) {
    const [word = '', ...rest] = line.split(' ');
    if (word === 'FROM') stage = startStage(rest, stages);
    if (!stage) continue;
    if (word === 'ARG' || word === 'ENV') stage = { ...stage, env: { ...stage.env, ...variable(word, rest, given) } };
    if (word === 'COPY' || word === 'RUN') {
      const made = word === 'COPY' ? copied(rest, given) : `${line} ${JSON.stringify(stage.env)} ${bound(rest, given)}`;
      const root = JSON.stringify([stage.root, made]);
      const needs = [...stage.needs, ...rest.flatMap((word) => word.match(/(?<=^--from=).+/)?.[0] ?? [])];
      stage = { ...stage, root, needs, steps: stage.steps + 1 };
      // A linked copy is made on nothing and laid over whatever there is.
      models.set(`${stage.name} ${stage.steps}`, rest.includes('--link') ? made : root);
    }
    stages.set(stage.name, stage);
  }
  const needed = stage ? withNeeds(stage.name, stages) : [];
  return new Map([...models].filter(([place]) => needed.includes(place.split(' ')[0] ?? '')));
}

function withNeeds(name: string, stages: ReadonlyMap<string, Stage>): string[] {
  return [name, ...(stages.get(name)?.needs ?? []).flatMap((needed) => withNeeds(needed, stages))];
}

function startStage([from = '', , name = '']: readonly string[], stages: ReadonlyMap<string, Stage>): Stage {
  const base = stages.get(from);
  return { name, root: base?.root ?? from, env: base?.env ?? {}, steps: base ? 0 : 1, needs: [from] };
}

function variable(word: string, [text = '']: readonly string[], { buildArgs }: Given): Record<string, string> {
  const [name = '', value = ''] = text.split('=');
  return { [name]: (word === 'ARG' && buildArgs[name]) || value };
}

function copied(words: readonly string[], given: Given): string {
  const isFrom = words.some((word) => word.startsWith('--from='));
  const paths = words.filter((word) => !word.startsWith('--'));
  const [source = '', destination = ''] = paths;
  const selected = isFrom ? given.outputs[source] : selection(given.dir, source);
  // The name that a file gets, but not the folder that it comes from.
  return JSON.stringify([words.filter((word) => word.startsWith('--chmod')), basename(source), destination, selected]);
}

/** A folder gives what is in it and not its mode, a file its content, a pattern gives names as well. */
function selection(dir: string, pattern: string): string[] {
  if (!pattern.includes('*')) {
    const path = realpathSync(join(dir, pattern));
    return entries(path).slice(lstatSync(path).isDirectory() ? 1 : 0);
  }
  const names = readdirSync(dir).filter((name) => name.endsWith(pattern.replace('*', '')));
  return names.sort().flatMap((name) => [name, ...entries(join(dir, name))]);
}

function bound(words: readonly string[], { dir }: Given): string {
  const [, source] = /source=([^,]+)/.exec(words.join(' ')) ?? [];
  return source ? entries(join(dir, source)).join('\n') : '';
}

/** Everything below a path that counts, the path's own mode included; what `.dockerignore` of the tests leaves out does not. */
function entries(path: string, shown = ''): string[] {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return [`${shown} -> ${readlinkSync(path)}`];
  const line = `${shown} ${stats.mode.toString(8)}`;
  if (!stats.isDirectory()) return [`${line} ${readFileSync(path, 'utf8')}`];
  const names = readdirSync(path).filter((name) => !name.endsWith('.log'));
  return [line, ...names.sort().flatMap((name) => entries(join(path, name), join(shown, name)))];
}
