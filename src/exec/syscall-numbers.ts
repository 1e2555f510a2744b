/**
 * The numbers of the system calls that Slipway names, by the processor's architecture as the kernel's audit interface
 * calls it (arch/x86/entry/syscalls, include/uapi/asm-generic/unistd.h, arch/arm/tools/syscall.tbl of Linux). A number
 * belongs to the name behind it; names without one go on counting.
 */
const X86_64 = `
  0 read write open close stat fstat lstat poll lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask
  rt_sigreturn ioctl pread64 pwrite64 readv writev access pipe select sched_yield mremap msync mincore madvise
  shmget shmat shmctl dup dup2 pause nanosleep getitimer alarm setitimer getpid sendfile socket connect accept
  sendto recvfrom sendmsg recvmsg shutdown bind listen getsockname getpeername socketpair setsockopt getsockopt
  clone fork vfork execve exit wait4 kill uname semget semop semctl shmdt msgget msgsnd msgrcv msgctl fcntl
  flock fsync fdatasync truncate ftruncate getdents getcwd chdir fchdir rename mkdir rmdir creat link unlink
  symlink readlink chmod fchmod chown fchown lchown umask gettimeofday getrlimit getrusage sysinfo times ptrace
  getuid 104 getgid setuid setgid geteuid getegid setpgid getppid getpgrp setsid setreuid setregid getgroups
  setgroups setresuid getresuid setresgid getresgid getpgid setfsuid setfsgid getsid capget capset rt_sigpending
  rt_sigtimedwait rt_sigqueueinfo rt_sigsuspend sigaltstack utime mknod 135 personality 137 statfs fstatfs
  140 getpriority setpriority sched_setparam sched_getparam sched_setscheduler sched_getscheduler
  sched_get_priority_max sched_get_priority_min sched_rr_get_interval mlock munlock mlockall munlockall
  154 modify_ldt pivot_root 157 prctl arch_prctl adjtimex setrlimit chroot sync 165 mount umount2
  170 sethostname 186 gettid readahead setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr
  llistxattr flistxattr removexattr lremovexattr fremovexattr tkill time futex sched_setaffinity
  sched_getaffinity set_thread_area io_setup io_destroy io_getevents io_submit io_cancel get_thread_area
  213 epoll_create epoll_ctl_old epoll_wait_old remap_file_pages getdents64 set_tid_address restart_syscall
  semtimedop fadvise64 timer_create timer_settime timer_gettime timer_getoverrun timer_delete 228 clock_gettime
  clock_getres clock_nanosleep exit_group epoll_wait epoll_ctl tgkill utimes 240 mq_open mq_unlink mq_timedsend
  mq_timedreceive mq_notify mq_getsetattr 247 waitid 251 ioprio_set ioprio_get inotify_init inotify_add_watch
  inotify_rm_watch 257 openat mkdirat mknodat fchownat futimesat newfstatat unlinkat renameat linkat symlinkat
  readlinkat fchmodat faccessat pselect6 ppoll unshare set_robust_list get_robust_list splice tee
  sync_file_range vmsplice 280 utimensat epoll_pwait signalfd timerfd_create eventfd fallocate timerfd_settime
  timerfd_gettime accept4 signalfd4 eventfd2 epoll_create1 dup3 pipe2 inotify_init1 preadv pwritev
  rt_tgsigqueueinfo 299 recvmmsg 301 fanotify_mark prlimit64 name_to_handle_at 305 clock_adjtime syncfs sendmmsg
  309 getcpu process_vm_readv process_vm_writev 314 sched_setattr sched_getattr renameat2 seccomp getrandom
  memfd_create 322 execveat 324 membarrier mlock2 copy_file_range preadv2 pwritev2 pkey_mprotect pkey_alloc
  pkey_free statx io_pgetevents rseq uretprobe 424 pidfd_send_signal 434 pidfd_open clone3 close_range openat2
  439 faccessat2 441 epoll_pwait2 444 landlock_create_ruleset landlock_add_rule landlock_restrict_self
  memfd_secret process_mrelease futex_waitv 451 cachestat fchmodat2 map_shadow_stack futex_wake futex_wait
  futex_requeue statmount listmount 462 mseal setxattrat getxattrat listxattrat removexattrat
`;

const I386 = `
  0 restart_syscall exit fork read write open close waitpid creat link unlink execve chdir time mknod chmod
  lchown 19 lseek getpid mount 23 setuid getuid 26 ptrace alarm 29 pause utime 33 access 36 sync kill rename
  mkdir rmdir dup pipe times 45 brk setgid getgid 49 geteuid getegid 52 umount2 54 ioctl fcntl 57 setpgid
  60 umask chroot 63 dup2 getppid getpgrp setsid 70 setreuid setregid 74 sethostname setrlimit getrlimit
  getrusage gettimeofday 80 getgroups setgroups select symlink 85 readlink 90 mmap munmap truncate ftruncate
  fchmod fchown getpriority setpriority 99 statfs fstatfs 102 socketcall 104 setitimer getitimer stat lstat
  fstat 114 wait4 116 sysinfo ipc fsync sigreturn clone 122 uname modify_ldt adjtimex mprotect sigprocmask
  132 getpgid fchdir 136 personality 138 setfsuid setfsgid _llseek getdents _newselect flock msync readv writev
  getsid fdatasync 150 mlock munlock mlockall munlockall sched_setparam sched_getparam sched_setscheduler
  sched_getscheduler sched_yield sched_get_priority_max sched_get_priority_min sched_rr_get_interval nanosleep
  mremap setresuid getresuid 168 poll 170 setresgid getresgid prctl rt_sigreturn rt_sigaction rt_sigprocmask
  rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_sigsuspend pread64 pwrite64 chown getcwd capget capset
  sigaltstack sendfile 190 vfork ugetrlimit mmap2 truncate64 ftruncate64 stat64 lstat64 fstat64 lchown32
  getuid32 getgid32 geteuid32 getegid32 setreuid32 setregid32 getgroups32 setgroups32 fchown32 setresuid32
  getresuid32 setresgid32 getresgid32 chown32 setuid32 setgid32 setfsuid32 setfsgid32 pivot_root mincore madvise
  getdents64 fcntl64 224 gettid readahead setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr
  llistxattr flistxattr removexattr lremovexattr fremovexattr tkill sendfile64 futex sched_setaffinity
  sched_getaffinity set_thread_area get_thread_area io_setup io_destroy io_getevents io_submit io_cancel
  fadvise64 252 exit_group 254 epoll_create epoll_ctl epoll_wait remap_file_pages set_tid_address timer_create
  timer_settime timer_gettime timer_getoverrun timer_delete 265 clock_gettime clock_getres clock_nanosleep
  statfs64 fstatfs64 tgkill utimes fadvise64_64 277 mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify
  mq_getsetattr 284 waitid 289 ioprio_set ioprio_get inotify_init inotify_add_watch inotify_rm_watch 295 openat
  mkdirat mknodat fchownat futimesat fstatat64 unlinkat renameat linkat symlinkat readlinkat fchmodat faccessat
  pselect6 ppoll unshare set_robust_list get_robust_list splice sync_file_range tee vmsplice 318 getcpu
  epoll_pwait utimensat signalfd timerfd_create eventfd fallocate timerfd_settime timerfd_gettime signalfd4
  eventfd2 epoll_create1 dup3 pipe2 inotify_init1 preadv pwritev rt_tgsigqueueinfo 337 recvmmsg
  339 fanotify_mark prlimit64 name_to_handle_at 343 clock_adjtime syncfs sendmmsg 347 process_vm_readv
  process_vm_writev 351 sched_setattr sched_getattr renameat2 seccomp getrandom memfd_create 358 execveat socket
  socketpair bind connect listen accept4 getsockopt setsockopt getsockname getpeername sendto sendmsg recvfrom
  recvmsg shutdown 375 membarrier mlock2 copy_file_range preadv2 pwritev2 pkey_mprotect pkey_alloc pkey_free
  statx arch_prctl io_pgetevents rseq 393 semget semctl shmget shmctl shmat shmdt msgget msgsnd msgrcv msgctl
  clock_gettime64 405 clock_adjtime64 clock_getres_time64 clock_nanosleep_time64 timer_gettime64 timer_settime64
  timerfd_gettime64 timerfd_settime64 utimensat_time64 pselect6_time64 ppoll_time64 416 io_pgetevents_time64
  recvmmsg_time64 mq_timedsend_time64 mq_timedreceive_time64 semtimedop_time64 rt_sigtimedwait_time64
  futex_time64 sched_rr_get_interval_time64 pidfd_send_signal 434 pidfd_open clone3 close_range openat2
  439 faccessat2 441 epoll_pwait2 444 landlock_create_ruleset landlock_add_rule landlock_restrict_self
  memfd_secret process_mrelease futex_waitv 451 cachestat fchmodat2 map_shadow_stack futex_wake futex_wait
  futex_requeue statmount listmount 462 mseal setxattrat getxattrat listxattrat removexattrat
`;

const AARCH64 = `
  0 io_setup io_destroy io_submit io_cancel io_getevents setxattr lsetxattr fsetxattr getxattr lgetxattr
  fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr fremovexattr getcwd 19 eventfd2
  epoll_create1 epoll_ctl epoll_pwait dup dup3 fcntl inotify_init1 inotify_add_watch inotify_rm_watch ioctl
  ioprio_set ioprio_get flock mknodat mkdirat unlinkat symlinkat linkat renameat umount2 mount pivot_root
  43 statfs fstatfs truncate ftruncate fallocate faccessat chdir fchdir chroot fchmod fchmodat fchownat fchown
  openat close 59 pipe2 61 getdents64 lseek read write readv writev pread64 pwrite64 preadv pwritev sendfile
  pselect6 ppoll signalfd4 vmsplice splice tee readlinkat newfstatat fstat sync fsync fdatasync sync_file_range
  timerfd_create timerfd_settime timerfd_gettime utimensat 90 capget capset personality exit exit_group waitid
  set_tid_address unshare futex set_robust_list get_robust_list nanosleep getitimer setitimer 107 timer_create
  timer_gettime timer_getoverrun timer_settime timer_delete 113 clock_gettime clock_getres clock_nanosleep
  117 ptrace sched_setparam sched_setscheduler sched_getscheduler sched_getparam sched_setaffinity
  sched_getaffinity sched_yield sched_get_priority_max sched_get_priority_min sched_rr_get_interval
  restart_syscall kill tkill tgkill sigaltstack rt_sigsuspend rt_sigaction rt_sigprocmask rt_sigpending
  rt_sigtimedwait rt_sigqueueinfo rt_sigreturn setpriority getpriority 143 setregid setgid setreuid setuid
  setresuid getresuid setresgid getresgid setfsuid setfsgid times setpgid getpgid getsid setsid getgroups
  setgroups uname sethostname 163 getrlimit setrlimit getrusage umask prctl getcpu gettimeofday 171 adjtimex
  getpid getppid getuid geteuid getgid getegid gettid sysinfo mq_open mq_unlink mq_timedsend mq_timedreceive
  mq_notify mq_getsetattr msgget msgctl msgrcv msgsnd semget semctl semtimedop semop shmget shmctl shmat shmdt
  socket socketpair bind listen accept connect getsockname getpeername sendto recvfrom setsockopt getsockopt
  shutdown sendmsg recvmsg readahead brk munmap mremap 220 clone execve mmap fadvise64 226 mprotect msync mlock
  munlock mlockall munlockall mincore madvise remap_file_pages 240 rt_tgsigqueueinfo 242 accept4 recvmmsg
  260 wait4 prlimit64 263 fanotify_mark name_to_handle_at 266 clock_adjtime syncfs 269 sendmmsg process_vm_readv
  process_vm_writev 274 sched_setattr sched_getattr renameat2 seccomp getrandom memfd_create 281 execveat
  283 membarrier mlock2 copy_file_range preadv2 pwritev2 pkey_mprotect pkey_alloc pkey_free statx io_pgetevents
  rseq 424 pidfd_send_signal 434 pidfd_open clone3 close_range openat2 439 faccessat2 441 epoll_pwait2
  444 landlock_create_ruleset landlock_add_rule landlock_restrict_self memfd_secret process_mrelease futex_waitv
  451 cachestat fchmodat2 map_shadow_stack futex_wake futex_wait futex_requeue statmount listmount 462 mseal
  setxattrat getxattrat listxattrat removexattrat
`;

const ARM = `
  0 restart_syscall exit fork read write open close 8 creat link unlink execve chdir 14 mknod chmod lchown
  19 lseek getpid mount 23 setuid getuid 26 ptrace 29 pause 33 access 36 sync kill rename mkdir rmdir dup pipe
  times 45 brk setgid getgid 49 geteuid getegid 52 umount2 54 ioctl fcntl 57 setpgid 60 umask chroot 63 dup2
  getppid getpgrp setsid 70 setreuid setregid 74 sethostname setrlimit 77 getrusage gettimeofday 80 getgroups
  setgroups 83 symlink 85 readlink 91 munmap truncate ftruncate fchmod fchown getpriority setpriority 99 statfs
  fstatfs 104 setitimer getitimer stat lstat fstat 114 wait4 116 sysinfo 118 fsync sigreturn clone 122 uname
  124 adjtimex mprotect sigprocmask 132 getpgid fchdir 136 personality 138 setfsuid setfsgid _llseek getdents
  _newselect flock msync readv writev getsid fdatasync 150 mlock munlock mlockall munlockall sched_setparam
  sched_getparam sched_setscheduler sched_getscheduler sched_yield sched_get_priority_max sched_get_priority_min
  sched_rr_get_interval nanosleep mremap setresuid getresuid 168 poll 170 setresgid getresgid prctl rt_sigreturn
  rt_sigaction rt_sigprocmask rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_sigsuspend pread64 pwrite64 chown
  getcwd capget capset sigaltstack sendfile 190 vfork ugetrlimit mmap2 truncate64 ftruncate64 stat64 lstat64
  fstat64 lchown32 getuid32 getgid32 geteuid32 getegid32 setreuid32 setregid32 getgroups32 setgroups32 fchown32
  setresuid32 getresuid32 setresgid32 getresgid32 chown32 setuid32 setgid32 setfsuid32 setfsgid32 getdents64
  pivot_root mincore madvise fcntl64 224 gettid readahead setxattr lsetxattr fsetxattr getxattr lgetxattr
  fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr fremovexattr tkill sendfile64 futex
  sched_setaffinity sched_getaffinity io_setup io_destroy io_getevents io_submit io_cancel exit_group
  250 epoll_create epoll_ctl epoll_wait remap_file_pages 256 set_tid_address timer_create timer_settime
  timer_gettime timer_getoverrun timer_delete 263 clock_gettime clock_getres clock_nanosleep statfs64 fstatfs64
  tgkill utimes arm_fadvise64_64 274 mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr
  waitid socket bind connect listen accept getsockname getpeername socketpair send sendto recv recvfrom shutdown
  setsockopt getsockopt sendmsg recvmsg semop semget semctl msgsnd msgrcv msgget msgctl shmat shmdt shmget
  shmctl 312 semtimedop 314 ioprio_set ioprio_get inotify_init inotify_add_watch inotify_rm_watch 322 openat
  mkdirat mknodat fchownat futimesat fstatat64 unlinkat renameat linkat symlinkat readlinkat fchmodat faccessat
  pselect6 ppoll unshare set_robust_list get_robust_list splice arm_sync_file_range tee vmsplice 345 getcpu
  epoll_pwait 348 utimensat signalfd timerfd_create eventfd fallocate timerfd_settime timerfd_gettime signalfd4
  eventfd2 epoll_create1 dup3 pipe2 inotify_init1 preadv pwritev rt_tgsigqueueinfo 365 recvmmsg accept4
  368 fanotify_mark prlimit64 name_to_handle_at 372 clock_adjtime syncfs sendmmsg 376 process_vm_readv
  process_vm_writev 380 sched_setattr sched_getattr renameat2 seccomp getrandom memfd_create 387 execveat
  389 membarrier mlock2 copy_file_range preadv2 pwritev2 pkey_mprotect pkey_alloc pkey_free statx rseq
  io_pgetevents 403 clock_gettime64 405 clock_adjtime64 clock_getres_time64 clock_nanosleep_time64
  timer_gettime64 timer_settime64 timerfd_gettime64 timerfd_settime64 utimensat_time64 pselect6_time64
  ppoll_time64 416 io_pgetevents_time64 recvmmsg_time64 mq_timedsend_time64 mq_timedreceive_time64
  semtimedop_time64 rt_sigtimedwait_time64 futex_time64 sched_rr_get_interval_time64 pidfd_send_signal
  434 pidfd_open clone3 close_range openat2 439 faccessat2 441 epoll_pwait2 444 landlock_create_ruleset
  landlock_add_rule landlock_restrict_self 448 process_mrelease futex_waitv 451 cachestat fchmodat2
  map_shadow_stack futex_wake futex_wait futex_requeue statmount listmount 462 mseal setxattrat getxattrat
  listxattrat removexattrat 983041 breakpoint cacheflush 983045 set_tls
`;

/** Of all these architectures: greater ones are of kernels to come. */
export const LAST_NUMBER = 471;

export type SyscallArchitecture = 'x86_64' | 'i386' | 'aarch64' | 'arm';

export function syscallNumbers(architecture: SyscallArchitecture): ReadonlyMap<string, number> {
  const numbers = read.get(architecture) ?? readTable(TABLES[architecture]);
  read.set(architecture, numbers);
  return numbers;
}

const read = new Map<SyscallArchitecture, ReadonlyMap<string, number>>();

function readTable(table: string): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  let next = 0;
  for (const word of table.trim().split(/\s+/)) {
    if (/^\d/.test(word)) next = Number(word);
    else numbers.set(word, next++);
  }
  return numbers;
}

const TABLES: Readonly<Record<SyscallArchitecture, string>> = {
  x86_64: X86_64,
  i386: I386,
  aarch64: AARCH64,
  arm: ARM,
};
