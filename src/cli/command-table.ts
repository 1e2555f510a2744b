import type { CommandModule } from './command.ts';

export interface CommandEntry {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly group: 'Build' | 'Run' | 'Images' | 'Slipway';
  readonly summary: string;
  load(): Promise<{ readonly command: CommandModule }>;
}

/** Every subcommand, in the order help shows them. A command's module is loaded when it is called. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'build',
    group: 'Build',
    summary: 'Build an image from a Dockerfile',
    load: () => import('./commands/build.ts'),
  },
  {
    name: 'run',
    group: 'Run',
    summary: 'Run an image in the foreground',
    load: () => import('./commands/run.ts'),
  },
];
