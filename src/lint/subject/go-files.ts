import { type GoModFile, parseGoModFile } from '../../golang/module/go-mod-file.ts';
import type { LintContext } from './lint-context.ts';
import { remembered } from './remembered.ts';

/** What go.mod and its neighbours in the context's root say, without a look at sources; everything undefined where there is no context. */
export interface GoFiles {
  readonly hasMod: boolean | undefined;
  readonly hasSum: boolean | undefined;
  /** go.mod replaces a module by a folder: `go mod download` wants that folder's go.mod as well. */
  readonly hasLocalReplace: boolean | undefined;
  /** There is something to download. */
  readonly hasRequirements: boolean | undefined;
  readonly hasVendor: boolean | undefined;
  readonly hasWorkspace: boolean | undefined;
  readonly file: GoModFile | undefined;
}

const NOTHING: GoFiles = {
  hasMod: undefined,
  hasSum: undefined,
  hasLocalReplace: undefined,
  hasRequirements: undefined,
  hasVendor: undefined,
  hasWorkspace: undefined,
  file: undefined,
};

export function goFiles(context: LintContext | undefined): GoFiles {
  return context ? goFilesIn(context) : NOTHING;
}

const goFilesIn = remembered((context: LintContext): GoFiles => {
  const mod = context.readText('go.mod');
  if (mod === undefined) return { ...NOTHING, hasMod: false };
  return {
    hasMod: true,
    hasSum: context.tree.lstat('go.sum') !== undefined,
    hasLocalReplace: /=>\s*["`]?\.{0,2}\//.test(mod),
    hasRequirements: /^\s*require\b/m.test(mod),
    hasVendor: context.tree.lstat('vendor/modules.txt') !== undefined,
    hasWorkspace: context.tree.lstat('go.work') !== undefined,
    file: parseGoModFile(mod),
  };
});
