import type { CommandModule } from './command.ts';

export interface CommandEntry {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly group: 'Build' | 'Run' | 'Images' | 'Slipway';
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
    load: () => import('./commands/push.ts'),
  },
  {
    name: 'tag',
    group: 'Images',
    summary: 'Give an image another name',
    load: () => import('./commands/tag.ts'),
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
    name: 'save',
    group: 'Images',
    summary: 'Write images to an archive or a folder',
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
    load: () => import('./commands/import.ts'),
  },
];
