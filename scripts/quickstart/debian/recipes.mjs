/**
 * The images of Docker Hub's library that can be made from Debian's archive, and `golang-cgo`, which has the C compiler
 * that our golang lacks. A recipe says which packages, where their files go, what maintainer scripts would have added, and
 * what the image's config says.
 */
import { BUSYBOX } from './recipes/busybox.mjs';
import { debianRecipe } from './recipes/debian.mjs';
import { golangRecipe } from './recipes/golang.mjs';

/** @typedef {import('./package-index.mjs').DebianPackage} DebianPackage */
/** @typedef {import('./package-index.mjs').PackageIndex} PackageIndex */

/**
 * @typedef {object} ImageRecipe
 * @property {readonly (readonly string[])[]} suites where to look, the best first; each a suite and its additions
 * @property {(indexes: readonly PackageIndex[]) => Choice | undefined} choose undefined when these suites do not do
 * @property {ReadonlySet<string>} [without] packages that count as present
 * @property {(packages: readonly DebianPackage[]) => import('./rootfs.mjs').RootfsRecipe} rootfs
 * @property {(packages: readonly DebianPackage[]) => string[]} changes instructions for the image's config, as
 *   `import --change` takes them
 */

/** @typedef {{ packages: readonly string[], isExact: boolean }} Choice `isExact`: no later suite can be better */

/**
 * @param {string} repository such as `golang`
 * @param {string} tag such as `1.26`
 * @returns {ImageRecipe | undefined} undefined where there is none
 */
export function findRecipe(repository, tag) {
  if (repository === 'golang' || repository === 'golang-cgo') {
    const version = /^(\d+\.\d+)(\.\d+)?(-[a-z]+)?$/.exec(tag)?.[1];
    return version && golangRecipe(version, { withCgo: repository === 'golang-cgo' });
  }
  if (repository === 'debian') {
    const suite = /^([a-z]+?)(-slim)?$/.exec(tag)?.[1];
    return suite && debianRecipe(suite === 'latest' ? 'stable' : suite);
  }
  return repository === 'busybox' ? BUSYBOX : undefined;
}
