import { Setting } from './setting.ts';

/** What bounds the store, after `build` and for `prune`. */
export function maxSizeSetting(description: string): Setting {
  return new Setting('--max-size <size>', description, ['SLIPWAY_MAX_SIZE']);
}
