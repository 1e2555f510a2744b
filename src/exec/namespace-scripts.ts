/**
 * The shell scripts of NamespacesExecutor. They are constants: what differs from step to step comes as positional
 * parameters or in files of the working directory, which is the sandbox's folder.
 *
 * Four processes take part, since after pivot_root none of this machine's programs can be started any more by a
 * process that went along:
 * - OUTER mounts what needs no process namespace, and waits for the container. It is PID 1 of a namespace around the
 *   container's, which dies with it: the container's own PID 1 loses its parent-death signal when it changes its user.
 * - INNER is PID 1 of the container's process namespace; it mounts /proc, drops what it may not keep, and becomes FINAL.
 * - SWITCH (a child of OUTER) calls pivot_root, which gives every process in the mount namespace the new root, FINAL
 *   included.
 * - DETACH stands in a second mount of the machine's root, so that it still finds `umount` then and takes the old root
 *   away. Only after that FINAL goes on and becomes the program.
 * On fd 3 they report (`slipway:…`) or complain; SWITCH waits for a line on fd 4, FINAL for one on fd 5.
 */

/** Stands in the mount at `host`; fd 9 is the new root. */
export const DETACH = `
cd /proc/self/fd/9 && exec 9<&- || exit
echo slipway:detach-ready >&3
read -r go && umount -c -n -l ./proc && echo slipway:detached >&3
`;

/** $1 root, $2 DETACH, $3 INNER, $4 1 for a network of its own; the rest is for INNER. */
export const OUTER = `
root=$1 detach=$2 inner=$3 own_network=$4
shift 4
mount -a -T outer.fstab >&3 2>&3 || exit 125
if [ "$own_network" = 1 ]; then
  ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null || echo slipway:no-loopback >&3
fi
exec 9<"$root"
{
  read -r go <&4 && pivot_root "$root" "$root/proc" 2>&3 && echo go
} 5<&- | chroot host /bin/sh -c "$detach" >/dev/null 2>&3 4<&- 5<&- &
exec 9<&- 4<&-
unshare --pid --fork --kill-child -- sh -c "$inner" sh "$root" "$@" 6>&2 2>&3
exit $?
`;

/** Its fd 2 leads to the reports and fd 6 to the program's standard error output. $1 root, $2 cgroup folders to enter (or ''), $3 hostname, $4 working directory (or '' to leave it to FINAL); the rest is run. */
export const INNER = `
root=$1 cgroups=$2 hostname=$3 cwd=$4
shift 4
for cgroup in $cgroups; do echo 0 >"$cgroup/cgroup.procs" || exit 125; done
{ echo "$hostname" >/proc/sys/kernel/hostname; } 2>/dev/null || hostname "$hostname"
mount -a -T inner.fstab >&3 || exit 125
if [ -e stubs ]; then . ./stubs; mount -a -T nested.fstab >&3 || exit 125; fi
cd "$root$cwd" || exit 125
exec "$@"
`;

/** $@ the program; the descriptors are those of INNER. */
export const FINAL = `
echo slipway:final-ready >&3
nl='
'
IFS= read -r setup <&5 || exit 125
umask 0022
exec 2>&6 3>&- 5<&- 6>&-
eval "$setup"
exec "$@"
`;
