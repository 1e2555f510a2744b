declare const SLIPWAY_VERSION: string;

/** The version of the package this was bundled from; `0.0.0-dev` when it runs unbundled (tests). */
export function version(): string {
  return typeof SLIPWAY_VERSION === 'string' ? SLIPWAY_VERSION : '0.0.0-dev';
}

export function versionLine(): string {
  return `slipway version ${version()}`;
}
