import type { CommandModule } from './command.ts';

export interface CommandEntry {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly group: 'Build' | 'Practice' | 'Run' | 'Images' | 'Slipway';
  readonly summary: string;
  /** It reads or writes files of images, which have owners other than the user: an ordinary user needs a user namespace. */
  readonly inUserNamespace?: boolean;
  load(): Promise<{ readonly command: CommandModule }>;
}

/** Every subcommand, in the order help shows them. A command's module is loaded when it is called. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'build',
    group: 'Build',
    summary: 'Build an image from a Dockerfile',
    inUserNamespace: true,
    load: () => import('./commands/build.ts'),
  },
  {
    name: 'plan',
    group: 'Build',
    summary: 'Say what a build would run, without running it',
    inUserNamespace: true,
    load: () => import('./commands/plan.ts'),
  },
  {
    name: 'explain',
    group: 'Build',
    summary: 'Say why the steps of a build ran, and what it cost',
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'builds',
    group: 'Build',
    summary: 'List the builds that were made',
    load: () => import('./commands/builds.ts'),
  },
  {
    name: 'logs',
    group: 'Build',
    summary: "Show the output of a build's steps",
    load: () => import('./commands/logs.ts'),
  },
  {
    name: 'verify',
    group: 'Build',
    summary: 'Build an image again and say where the two differ',
    inUserNamespace: true,
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'cache export',
    group: 'Build',
    summary: 'Send cache mounts to a folder or a registry',
    inUserNamespace: true,
    load: () => import('./commands/cache-export.ts'),
  },
  {
    name: 'cache import',
    group: 'Build',
    summary: 'Take cache mounts from a folder or a registry',
    inUserNamespace: true,
    load: () => import('./commands/cache-import.ts'),
  },
  {
    name: 'context ls',
    group: 'Build',
    summary: 'List what a build can see of a directory',
    load: () => import('./commands/context-ls.ts'),
  },
  {
    name: 'context why',
    group: 'Build',
    summary: 'Say which line of .dockerignore hides or keeps a path',
    load: () => import('./commands/context-why.ts'),
  },
  {
    name: 'init',
    group: 'Practice',
    summary: 'Write a Dockerfile for a Go module, with a .dockerignore and a compose.yaml',
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'lint',
    group: 'Practice',
    summary: 'Check Dockerfiles for good practice, and mend them',
    load: () => import('./commands/lint.ts'),
  },
  {
    name: 'lsp',
    group: 'Practice',
    summary: 'Serve an editor: findings, quick fixes, completion',
    load: () => import('./commands/lsp.ts'),
  },
  {
    name: 'run',
    group: 'Run',
    summary: 'Run an image in the foreground',
    inUserNamespace: true,
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'images',
    group: 'Images',
    summary: 'List the images in the store',
    load: () => import('./commands/images.ts'),
  },
  {
    name: 'pull',
    group: 'Images',
    summary: 'Take an image from a registry into the store',
    load: () => import('./commands/pull.ts'),
  },
  {
    name: 'push',
    group: 'Images',
    summary: 'Push an image to a registry',
    inUserNamespace: true,
    load: () => import('./commands/push.ts'),
  },
  {
    name: 'tag',
    group: 'Images',
    summary: 'Give an image another name',
    load: () => import('./commands/tag.ts'),
  },
  {
    name: 'rmi',
    group: 'Images',
    summary: 'Remove names and images',
    inUserNamespace: true,
    load: () => import('./commands/rmi.ts'),
  },
  {
    name: 'inspect',
    group: 'Images',
    summary: 'Show everything that is known of an image, as JSON',
    load: () => import('./commands/inspect.ts'),
  },
  {
    name: 'history',
    group: 'Images',
    summary: 'Show the steps an image was made by',
    load: () => import('./commands/history.ts'),
  },
  {
    name: 'audit',
    group: 'Images',
    summary: 'Check an image against a production checklist',
    inUserNamespace: true,
    load: () => import('./commands/audit.ts'),
  },
  {
    name: 'size',
    group: 'Images',
    summary: 'Say where the bytes of an image are',
    inUserNamespace: true,
    load: () => import('./commands/size.ts'),
  },
  {
    name: 'save',
    group: 'Images',
    summary: 'Write images to an archive or a folder',
    inUserNamespace: true,
    load: () => import('./commands/save.ts'),
  },
  {
    name: 'load',
    group: 'Images',
    summary: 'Read images from an archive or a folder',
    load: () => import('./commands/load.ts'),
  },
  {
    name: 'import',
    group: 'Images',
    summary: 'Make an image of a root filesystem',
    inUserNamespace: true,
    load: () => import('./commands/import.ts'),
  },
  {
    name: 'login',
    group: 'Images',
    summary: 'Keep a login for a registry',
    load: () => import('./commands/login.ts'),
  },
  {
    name: 'logout',
    group: 'Images',
    summary: 'Forget a login',
    load: () => import('./commands/logout.ts'),
  },
  {
    name: 'prune',
    group: 'Slipway',
    summary: 'Remove what nothing needs any more',
    inUserNamespace: true,
    load: () => import('./commands/prune.ts'),
  },
  {
    name: 'du',
    group: 'Slipway',
    summary: 'Show what the store takes on disk, and what prune could free',
    inUserNamespace: true,
    load: () => import('./commands/du.ts'),
  },
  {
    name: 'info',
    group: 'Slipway',
    summary: 'Show the version, the store and what this machine can do',
    load: () => import('./commands/info.ts'),
  },
  {
    name: 'completion',
    group: 'Slipway',
    summary: 'Write a script that completes commands in a shell',
    load: () => import('./commands/completion.ts'),
  },
];
