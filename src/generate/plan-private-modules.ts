import { KnownError } from '../diagnostics/known-error.ts';
import type { GoModule } from '../golang/module/go-module.ts';
import type { GenerateOptions, PrivateModulesPlan } from './image-plan.ts';

/** A host and what of it is meant. GOPRIVATE takes globs too, but no URL can be rewritten by one. */
const PATTERN = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/[\w.~-]+)*$/i;

/**
 * Private modules and the way to them; undefined where none is known, or vendor/ has them.
 * @throws KnownError USAGE for what is no path of modules, and for flags that would have no effect.
 */
export function planPrivateModules(module: GoModule, options: GenerateOptions): PrivateModulesPlan | undefined {
  const { privatePatterns = [], usesSsh = false } = options;
  const wrong = privatePatterns.find((pattern) => !PATTERN.test(pattern));
  if (wrong !== undefined) {
    throw new KnownError('USAGE', `--private ${JSON.stringify(wrong)} is no path of modules.`, {
      hint: 'Name a host, or a host and an owner: github.com/acme.',
      exitCode: 2,
    });
  }
  const found = module.privateModules.map(({ value }) => value.split('/').slice(0, 2).join('/'));
  const patterns = [...new Set([...privatePatterns, ...found])];
  if (patterns.length === 0 && usesSsh) {
    throw new KnownError('USAGE', '--ssh is for private modules, and none looks private.', {
      hint: 'Say which are: --private github.com/acme.',
      exitCode: 2,
    });
  }
  if (module.isVendored && (privatePatterns.length > 0 || usesSsh)) {
    throw new KnownError('USAGE', 'vendor/ has the modules, so nothing private is fetched.', {
      hint: 'Leave --private and --ssh out, or remove vendor/.',
      exitCode: 2,
    });
  }
  if (patterns.length === 0 || module.isVendored) return undefined;
  const hosts = [...new Set(patterns.map((pattern) => pattern.split('/')[0] ?? ''))];
  return { patterns, hosts, isOverSsh: usesSsh };
}
