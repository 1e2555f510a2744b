import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manPages } from './man-page.ts';

/** The build's last step: the package ships the pages that its commands declare. */
export async function writeManPages(dir: string): Promise<void> {
  mkdirSync(dir, { recursive: true });
  for (const { file, text } of await manPages()) writeFileSync(join(dir, file), text);
}
