import { isEtcFile, type PreparedMount, type PreparedOverlay, TMPFS_MODE } from './prepared-mount.ts';

/** A line of fstab(5), for `mount -a -T`: one process makes all mounts of a sandbox. */
export interface MountLine {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly options: readonly string[];
}

export function mountTable(lines: readonly MountLine[]): string {
  return lines
    .map(({ source, target, type, options }) =>
      [escapeField(source), escapeField(target), type, escapeField(options.join(',') || 'defaults'), '0', '0'].join(
        ' ',
      ),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** Blanks would end a field, a backslash begins an escape; octal as fstab(5) has them. */
function escapeField(text: string): string {
  return text.replace(/[\s\\#]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

export interface OverlayLineOptions {
  /** The mounting process is root of a user namespace only. */
  readonly inUserNamespace: boolean;
  readonly readOnly: boolean;
  readonly allowDevices: boolean;
}

/** The difference must be a pure one: no redirects, no copied metadata without content, no index. */
export function overlayLine(overlay: PreparedOverlay, options: OverlayLineOptions): MountLine {
  const { target, lowerNames, upper } = overlay;
  const how = options.inUserNamespace ? ['userxattr'] : ['index=off', 'metacopy=off', 'redirect_dir=off'];
  return {
    source: 'overlay',
    target,
    type: 'overlay',
    options: [
      ...(options.readOnly || !upper ? ['ro'] : []),
      ...(options.allowDevices ? [] : ['nodev']),
      `lowerdir=${lowerNames.join(':')}`,
      ...(upper ? [`upperdir=${upper.upperName}`, `workdir=${upper.workName}`] : []),
      ...(upper ? how : how.filter((option) => option !== 'index=off')),
    ],
  };
}

/** `rootDir` is where the root is mounted. */
export function preparedLine(mount: PreparedMount, rootDir: string, allowDevices: boolean): MountLine {
  const target = rootDir + mount.target;
  const noDevices = allowDevices ? [] : ['nodev'];
  if (mount.type === 'tmpfs') {
    const size = mount.sizeBytes === undefined ? [] : [`size=${mount.sizeBytes}`];
    return {
      source: 'tmpfs',
      target,
      type: 'tmpfs',
      options: ['nosuid', ...noDevices, ...size, `mode=${(mount.mode ?? TMPFS_MODE).toString(8)}`],
    };
  }
  const bind = mount.pointType === 'directory' ? 'rbind' : 'bind';
  return {
    source: mount.source,
    target,
    type: 'none',
    options: [
      bind,
      ...(mount.readOnly ? ['ro'] : []),
      ...(isEtcFile(mount.target) ? ['nosuid', 'nodev', 'noexec'] : []),
      ...noDevices,
    ],
  };
}
