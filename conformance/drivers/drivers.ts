import { createBuildahDriver } from './buildah-driver.ts';
import { createDockerDriver } from './docker-driver.ts';
import type { Driver, DriverOptions } from './driver.ts';
import { createSlipwayDriver } from './slipway-driver.ts';

export const DRIVERS: Readonly<Record<string, (options: DriverOptions) => Driver>> = {
  slipway: createSlipwayDriver,
  docker: createDockerDriver,
  buildah: createBuildahDriver,
};
