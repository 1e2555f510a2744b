import type { Found } from '../module/go-module.ts';
import type { GoPackage } from '../module/go-packages.ts';
import { distinct } from './program-sources.ts';

/** Tags of what is for development only, by agreement or by the go command's own flags. */
const NO_FEATURE =
  /^(?:tools?|wireinject|mage|gen(?:erate)?|debug|dev|race|msan|asan|appengine|purego|noasm|safe|(?:go)?fuzz|(?:.*_)?(?:tests?|e2e|integration|ignore)(?:_.*)?)$/;

/**
 * Build tags that a program of these packages is built without although files wait for them: drivers, mostly. A file that
 * imports nothing new is another way of doing the same, and does not count.
 */
export function leftOutFeatures(packages: readonly GoPackage[]): readonly Found[] {
  const imported = new Set(
    packages.flatMap(({ files }) => files.flatMap(({ header }) => header.imports.map(({ path }) => path))),
  );
  const features = packages.flatMap(({ leftOut }) =>
    leftOut.flatMap(({ path, header: { imports, missingTags } }) => {
      const brought = imports.find((found) => found.path.includes('.') && !imported.has(found.path));
      return brought ? missingTags.map((value) => ({ value, at: { path, line: brought.line } })) : [];
    }),
  );
  return distinct(features.filter(({ value }) => !NO_FEATURE.test(value)));
}
