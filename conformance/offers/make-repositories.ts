import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const DATE = '2020-02-03T04:05:06Z';

/**
 * Makes each directory of `dir` a repository `NAME.git` beside it: its files are the first commit, tagged `v1`; a second
 * one adds `second`; the branch `dev` adds `dev-only`. Commits are the same on every run.
 */
export function makeRepositories(dir: string): void {
  if (!existsSync(dir)) return;
  for (const name of readdirSync(dir)) {
    const work = join(dir, name);
    if (!statSync(work).isDirectory() || name.endsWith('.git')) continue;
    git(work, 'init', '-q', '-b', 'main');
    commit(work, 'first');
    git(work, 'tag', 'v1');
    writeFileSync(join(work, 'second'), 'second\n');
    commit(work, 'second');
    git(work, 'checkout', '-q', '-b', 'dev');
    writeFileSync(join(work, 'dev-only'), 'dev\n');
    commit(work, 'dev');
    git(work, 'checkout', '-q', 'main');
    git(dir, 'clone', '-q', '--bare', name, `${name}.git`);
  }
}

function commit(work: string, message: string): void {
  git(work, 'add', '-A');
  git(work, 'commit', '-q', '-m', message);
}

function git(cwd: string, ...args: readonly string[]): void {
  execFileSync(
    'git',
    [
      '-c',
      'user.name=Case',
      '-c',
      'user.email=case@example.org',
      '-c',
      'commit.gpgsign=false',
      '-c',
      'safe.directory=*',
      ...args,
    ],
    {
      cwd,
      env: {
        PATH: process.env.PATH,
        HOME: '/nonexistent',
        GIT_AUTHOR_DATE: DATE,
        GIT_COMMITTER_DATE: DATE,
        GIT_CONFIG_NOSYSTEM: '1',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
}
