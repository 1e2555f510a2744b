/** Projects of random files, and the edits that people make in them: what the laws of the cache are asked of. */
import {
  chmodSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';

/** A project under edit: files below a folder, and what else a build is given. */
export interface Project {
  readonly dir: string;
  dockerfile: string;
  readonly buildArgs: Record<string, string>;
  secret: string;
  /** Stands in every file and in the first step, so that nothing is a hit because of another project. */
  readonly salt: string;
}

const NAMES = ['a', 'b', 'ab', 'é', 'dir/a', 'dir/b', 'dir/deep/a', 'other/c', 'with space'];
const TOPS = ['in', 'in', 'bound', 'out'];
const SINGLE = ['one', 'alone/two', 'x.txt', 'y.txt'];

const file = fc.record({
  path: fc.tuple(fc.constantFrom(...TOPS), fc.constantFrom(...NAMES)).map(([top, name]) => `${top}/${name}`),
  content: fc.constantFrom('', '1', '22', 'longer\nthan that\n'),
  mode: fc.constantFrom(0o644, 0o644, 0o600, 0o755, 0o4755),
  isLink: fc.nat(5).map((n) => n === 0),
});
export const tree = fc.uniqueArray(file, { minLength: 6, maxLength: 24, selector: ({ path }) => path });
export type Tree = typeof tree extends fc.Arbitrary<infer T> ? T : never;

export function dockerfileOf(base: string, salt: string): string {
  return `ARG NOWHERE=1
FROM ${base} AS salted
RUN echo ${salt} > /salt
FROM salted AS source
COPY in /in/
RUN --mount=source=bound,target=/b find /b -type f -exec cat {} + > /list
RUN find /in -name '*a*' -type f | sort | tr '\\n' '\\0' | xargs -0 -r cat > /picked
FROM salted AS tool
ARG USED=1
ARG UNUSED=1
ENV MODE=debug
COPY *.txt /txt/
RUN --mount=type=secret,id=token echo $USED > /declared
FROM salted AS result
COPY --from=source /picked /picked
COPY --from=tool /declared /declared
COPY --link one /linked/one
COPY --chmod=640 link /followed
COPY alone/two /copied/
`;
}

/** What the steps of that Dockerfile make of the files, for the copies that see no more than this. */
export function outputsOf({ dir, buildArgs }: Project): Record<string, string> {
  const picked = filesBelow(join(dir, 'in')).filter((path) => basename(path).includes('a'));
  return { '/picked': picked.map((path) => readFileSync(path, 'utf8')).join(''), '/declared': buildArgs.USED ?? '1' };
}

export function writeProject({ dir, salt }: Project, files: Tree): void {
  for (const top of TOPS) mkdirSync(join(dir, top), { recursive: true });
  mkdirSync(join(dir, 'alone'));
  for (const name of SINGLE) writeFileSync(join(dir, name), `${salt} ${name}`);
  symlinkSync('one', join(dir, 'link'));
  writeFileSync(join(dir, '.dockerignore'), '**/*.log\n');
  writeFileSync(join(dir, 'in', 'never.log'), '1');
  mkdirSync(join(dir, 'in', 'folder'));
  // Each folder has one file at least, for edits to find.
  for (const top of TOPS) writeFileSync(join(dir, top, 'always-a'), `${salt} ${top}`);
  for (const { path, content, mode, isLink } of files) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    if (isLink) symlinkSync('a', join(dir, path));
    else writeFileSync(join(dir, path), content && `${salt} ${content}`, { mode });
    if (!isLink) chmodSync(join(dir, path), mode);
  }
}

/** `n` is another number each time, by which an edit takes one of many. */
type Edit = (project: Project, n: number) => void;

const write =
  (top: string): Edit =>
  (project, n) =>
    writeFileSync(someFile(project, top, n), `${project.salt} edit ${n}`);
const touch =
  (top: string): Edit =>
  (project, n) => {
    const time = 1_000_000_000 + n;
    utimesSync(someFile(project, top, n), time, time);
  };
const replace =
  (pattern: string, by: (n: number) => string): Edit =>
  (project, n) => {
    if (!project.dockerfile.includes(pattern)) throw new Error(`the Dockerfile lacks ${pattern}`);
    project.dockerfile = project.dockerfile.replace(pattern, by(n));
  };
const argument =
  (name: string): Edit =>
  ({ buildArgs }, n) => {
    buildArgs[name] = String(n);
  };

export const EDITS: Readonly<Record<string, Edit>> = {
  'content of a copied file': write('in'),
  'content of a bound file': write('bound'),
  'content of a file that nothing selects': write('out'),
  'content of an ignored file': ({ dir }, n) => writeFileSync(join(dir, 'in', 'never.log'), `${n}`),
  'content of a file of a pattern': ({ dir, salt }, n) => writeFileSync(join(dir, 'x.txt'), `${salt} ${n}`),
  'content of a linked copy': ({ dir, salt }, n) => writeFileSync(join(dir, 'one'), `${salt} ${n}`),
  'content of a file copied alone': (project, n) =>
    writeFileSync(join(project.dir, whereTwoIs(project), 'two'), `${project.salt} ${n}`),
  'the same content again': (project, n) => {
    const path = someFile(project, 'in', n);
    writeFileSync(path, readFileSync(path));
  },
  'times of a copied file': touch('in'),
  'times of a bound file': touch('bound'),
  'times of a folder': ({ dir }, n) => utimesSync(join(dir, 'in'), n, n),
  'mode of a copied file': (project, n) => flipMode(someFile(project, 'in', n)),
  'mode of a bound file': (project, n) => flipMode(someFile(project, 'bound', n)),
  'mode of a file copied with another': ({ dir }) => flipMode(join(dir, 'one')),
  'mode of the folder copied': ({ dir }) => flipMode(join(dir, 'in')),
  'owner of a copied file': (project, n) => lchownSync(someFile(project, 'in', n), 1000 + n, 1000 + n),
  'another name': (project, n) => renameSync(someFile(project, 'in', n), join(project.dir, 'in', `renamed-${n}`)),
  'another name in a pattern': ({ dir }, n) => renameSync(join(dir, 'y.txt'), join(dir, `y${n}.txt`)),
  'a file less': (project, n) => rmSync(someFile(project, 'in', n)),
  'a file more': ({ dir, salt }, n) => writeFileSync(join(dir, 'in', `new-${n}`), `${salt} new`),
  'an empty folder more': ({ dir }, n) => mkdirSync(join(dir, 'in', `empty-${n}`)),
  'a symbolic link more': ({ dir }, n) => symlinkSync(`${n}`, join(dir, 'bound', `link-${n}`)),
  'a symbolic link to another file': ({ dir }) => relink(dir, 'x.txt'),
  'a symbolic link to an equal file': ({ dir }, n) => {
    writeFileSync(join(dir, `equal-${n}`), readFileSync(join(dir, 'link')), { mode: statSync(join(dir, 'link')).mode });
    relink(dir, `equal-${n}`);
  },
  'the same files in another order': ({ dir }) => remake(join(dir, 'in')),
  'a comment in .dockerignore': ({ dir }, n) => writeFileSync(join(dir, '.dockerignore'), `# ${n}\n**/*.log\n`),
  'a comment in the Dockerfile': replace('COPY in', (n) => `# ${n}\nCOPY in`),
  'a label': replace('COPY --link', (n) => `LABEL n=${n}\nCOPY --link`),
  'an instruction': replace('> /list', (n) => `> /list && : ${n}`),
  'a mode in an instruction': replace('--chmod=640', (n) => `--chmod=6${n % 7}1`),
  'a destination': replace(' /txt/', (n) => ` /txt/${n}/`),
  'an environment variable': replace('MODE=debug', (n) => `MODE=debug${n}`),
  'an environment variable before nothing that sees it': replace('COPY --chmod', (n) => `ENV LATE=${n}\nCOPY --chmod`),
  'the order of unrelated steps': (project) => {
    const lines = project.dockerfile.split('\n');
    const [at = 0, to = 0] = ['COPY --link', 'COPY --chmod'].map((start) =>
      lines.findIndex((line) => line.startsWith(start)),
    );
    [lines[at], lines[to]] = [lines[to] ?? '', lines[at] ?? ''];
    project.dockerfile = lines.join('\n');
  },
  'another folder of a file copied alone': (project, n) => {
    const [from, to] = [whereTwoIs(project), `alone-${n}`];
    renameSync(join(project.dir, from), join(project.dir, to));
    project.dockerfile = project.dockerfile.replace(`COPY ${from}/two`, `COPY ${to}/two`);
  },
  'a stage that nothing needs': replace(
    'FROM salted AS tool',
    (n) => `FROM salted AS spare\nRUN : ${n}\nFROM salted AS tool`,
  ),
  'the default of an argument': replace('ARG UNUSED=', (n) => `ARG UNUSED=${n}`),
  'an argument that a step uses': argument('USED'),
  'an argument that is declared and not used': argument('UNUSED'),
  'an argument that no stage declares': argument('NOWHERE'),
  'a predefined argument': argument('HTTP_PROXY'),
  'the value of a secret': (project, n) => {
    project.secret = String(n);
  },
  nothing: () => undefined,
};

/** A regular file of a folder: another one for another number. */
function someFile({ dir }: Project, top: string, n: number): string {
  const paths = filesBelow(join(dir, top));
  return paths[n % paths.length] ?? join(dir, top, 'always-a');
}

/** Regular files that are not ignored. */
function filesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.log'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function whereTwoIs({ dockerfile }: Project): string {
  return /COPY (\S+)\/two/.exec(dockerfile)?.[1] ?? 'alone';
}

function flipMode(path: string): void {
  chmodSync(path, (statSync(path).mode & 0o7777) ^ 0o011);
}

function relink(dir: string, target: string): void {
  rmSync(join(dir, 'link'));
  symlinkSync(target, join(dir, 'link'));
}

/** The same names, made in another order. */
export function remake(dir: string): void {
  const names = readdirSync(dir);
  for (const each of names) renameSync(join(dir, each), join(dir, `.${each}`));
  for (const each of names.reverse()) renameSync(join(dir, `.${each}`), join(dir, each));
}
