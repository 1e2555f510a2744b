/** Files and directories of /proc and /sys that tell or change too much of the machine: hidden, as docker hides them. */
export const MASKED_PATHS: readonly string[] = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
];

/** What may be read and not be written. */
export const READONLY_PATHS: readonly string[] = [
  '/proc/bus',
  '/proc/fs',
  '/proc/irq',
  '/proc/sys',
  '/proc/sysrq-trigger',
];

/** Devices that every process may expect in /dev. */
export const DEVICE_NAMES: readonly string[] = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];

export const DEVICE_LINKS: readonly (readonly [name: string, target: string])[] = [
  ['fd', '/proc/self/fd'],
  ['stdin', '/proc/self/fd/0'],
  ['stdout', '/proc/self/fd/1'],
  ['stderr', '/proc/self/fd/2'],
  ['ptmx', 'pts/ptmx'],
];

/** Folders in /dev that something is mounted on. */
export const DEVICE_FOLDERS: readonly string[] = ['pts', 'shm', 'mqueue'];

export const DEFAULT_SHM_BYTES = 64 * 1024 * 1024;
