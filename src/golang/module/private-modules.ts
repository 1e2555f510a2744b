import type { Found } from './go-module.ts';
import { join, type ModuleFiles } from './module-files.ts';
import type { ModuleRoot } from './module-root.ts';

/** Where projects write down that some of their modules are private. */
const HINT_FILES = [
  'Makefile',
  'Taskfile.yml',
  'justfile',
  '.envrc',
  'Dockerfile',
  'build/Dockerfile',
  '.gitlab-ci.yml',
];
const WORKFLOWS = '.github/workflows';
const SETTING = /\b(?:GOPRIVATE|GONOSUMDB|GONOPROXY)\b["']?\s*(?:[:?+]?=|:)\s*["']?([\w.*/,-]+)/g;

/** Hosts inside of companies: no public registry of names has them, or they are called by what they are. */
const PRIVATE_HOST =
  /(?:\.(?:internal|intranet|local|localdomain|corp|lan|private)|^(?:git|gitlab|gitea|bitbucket|stash|code|scm)\.[\w-]+\.\w+)$/;
/** Public homes of code whose names look like that. */
const PUBLIC_HOSTS = new Set(['code.cloudfoundry.org', 'git.sr.ht', 'code.gitea.io', 'git.apache.org', 'gitea.com']);

/**
 * Required modules that a public proxy will hardly have: those that a GOPRIVATE in the module's own files names, and
 * those on hosts that look private. Whether a repository of a public host is private, nobody can see from here.
 */
export function privateModules(files: ModuleFiles, modules: readonly ModuleRoot[]): readonly Found[] {
  const patterns = hintFiles(files).flatMap((path) => patternsIn(files.readText(path) ?? ''));
  const replaced = new Set(modules.flatMap(({ file }) => file.replaces.map(({ path }) => path)));
  const own = new Set(modules.map(({ importPath }) => importPath));
  return modules.flatMap(({ dir, file }) =>
    file.requires
      .filter(({ path }) => !replaced.has(path) && !own.has(path))
      .filter(({ path }) => patterns.some((pattern) => covers(pattern, path)) || isPrivateHost(path))
      .map(({ path, line }) => ({ value: path, at: { path: join(dir, 'go.mod'), line } })),
  );
}

function hintFiles(files: ModuleFiles): readonly string[] {
  const workflows = files.lookAt(WORKFLOWS)?.type === 'directory' ? files.list(WORKFLOWS) : [];
  return [...HINT_FILES.filter((path) => files.isFile(path)), ...workflows.map(({ path }) => path)];
}

function patternsIn(text: string): readonly string[] {
  return [...text.matchAll(SETTING)]
    .flatMap(([, list = '']) => list.split(','))
    .filter((pattern) => /[\w-]\./.test(pattern));
}

/** A pattern covers a module as GOPRIVATE's do: a prefix of whole elements, with `*` in an element. */
function covers(pattern: string, path: string): boolean {
  const elements = pattern.replace(/\/$/, '').split('/');
  const parts = path.split('/');
  return elements.every((element, index) => {
    const part = parts[index];
    if (part === undefined) return false;
    const [start = '', ...rest] = element.split('*');
    const end = rest.at(-1);
    if (end === undefined) return element === part;
    return part.length >= start.length + end.length && part.startsWith(start) && part.endsWith(end);
  });
}

function isPrivateHost(path: string): boolean {
  const [host = ''] = path.split('/');
  return PRIVATE_HOST.test(host) && !PUBLIC_HOSTS.has(host);
}
