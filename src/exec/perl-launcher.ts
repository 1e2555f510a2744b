/**
 * The program of PerlExecutor, for any perl 5 of 64 bits, without modules: it makes the system calls that plans list
 * (see launch-plan.ts). It knows nothing of images, paths or policies.
 *
 * One process takes requests from fd 4 until that is closed, and runs each in a child of its own. A request and
 * everything in it is a length (32 bits, big endian) and that many bytes: a pipe to report to, flags of clone(2), and
 * operations, each a name and its arguments. Reported are `slipway:process PID` when the child is there,
 * `slipway:starting` before it becomes the program, `slipway:not-started ERRNO` when the kernel refuses that,
 * `slipway:no-loopback`, `slipway:ended CODE`, and else what failed. The pipe ends when nothing of the child is left.
 *
 * What surprises: after `fork` it is the child that goes on with the plan; the parent waits, and ends as the child ended.
 * The program's arguments are numbers of calls and flags, and cgroups to enter, which it removes in the end.
 */
export const LAUNCHER = String.raw`
use strict;
my ($mount, $statfs, $openat, $mkdirat, $execve, $prctl, $clone, $pidfd_open, $DIRECTORY, $NOFOLLOW);
my ($PATH, $CLOEXEC, $CREATE, $SIGCHLD, $SIGKILL) = (0x200000, 02000000, 0301, 17, 9);
my @IGNORED = qw(INT TERM QUIT HUP);
my (@environment, @paths, %running);

sub fields { unpack '(N/a*)*', $_[0] }
sub report { syswrite REPORT, "$_[0]\n" }
sub fail { report("$_[0]: $!"); exit 125 }
sub enter { open(PROCS, '>', "$_[0]/cgroup.procs") && syswrite(PROCS, '0') && close PROCS }
sub code { $? & 127 ? 128 + ($? & 127) : $? >> 8 }

# Perl hands a number to the kernel as it is, and of a string its address.
sub call {
  my ($what, $number, @words) = @_;
  my @values = map { /\Ai(.*)/s ? $1 + 0 : substr $_, 1 } @words;
  syscall($number + 0, @values) >= 0 or fail($what);
}

# In a user namespace a mount keeps what the one it was made from forbids (ST_NOSUID to ST_NOEXEC, ST_NOATIME).
sub restrict {
  my ($target, $flags) = @_;
  my ($none, $remount, $stat) = ('none', 32 | 4096 | $flags, "\0" x 256);
  return 1 if syscall($mount, $none, $target, $none, $remount, $none) >= 0;
  return 0 if $! != 1 || syscall($statfs, $target, $stat) < 0;
  $remount |= unpack('Q', substr($stat, 80, 8)) & 0x40e;
  return syscall($mount, $none, $target, $none, $remount, $none) >= 0;
}

# A handle for a name in a directory, which is made when it is missing; a symlink is refused.
sub entry {
  my ($folder, $name, $is_folder) = @_;
  my $how = $PATH | $CLOEXEC | $NOFOLLOW | ($is_folder ? $DIRECTORY : 0);
  my $fd = syscall($openat, fileno($folder), $name, $how, 0);
  if ($fd < 0 && $! == 2) {
    my $made = $is_folder ? syscall($mkdirat, fileno($folder), $name, 0755)
      : syscall($openat, fileno($folder), $name, $CREATE | $CLOEXEC | $NOFOLLOW, 0644);
    open my $new, '>&=', $made if $made > 0;
    $fd = syscall($openat, fileno($folder), $name, $how, 0);
  }
  return if $fd < 0;
  open my $handle, '<&=', $fd or return;
  return $handle if (stat $handle)[2] & 0170000 ^ 0120000;
  $! = 40;
  return;
}

# Mounts on a path in a root whose mounts others may write to at the same time.
sub mount_in {
  my ($root, $path, $is_folder, $source, $type, $flags, $options, $limits) = @_;
  my $what = "mount $path";
  opendir my $top, $root or fail($what);
  open my $parent, '<&', fileno $top or fail($what);
  my @names = grep { $_ ne '' } split m{/}, $path;
  my $last = pop @names;
  $parent = entry($parent, $_, 1) || fail($what) for @names;
  my $point = entry($parent, $last, $is_folder) || fail($what);
  my $target = '/proc/self/fd/' . fileno $point;
  syscall($mount, $source, $target, $type, $flags + 0, $options) >= 0 or fail($what);
  $limits == 0 and return;
  my $mounted = entry($parent, $last, $is_folder) || fail($what);
  restrict('/proc/self/fd/' . fileno $mounted, $limits) or fail($what);
}

sub fork_into {
  my $child = syscall($clone, $SIGCHLD | $_[0], 0, 0, 0, 0);
  $child < 0 and fail('clone');
  $child == 0 and return;
  close REPORT;
  while ((my $ended = wait) != $child) { exit 125 if $ended < 0 }
  exit code();
}

# As execvp(3), without its shell for what has no format.
sub start {
  my $arguments = pack 'P' x @_ . 'Q', @_, 0;
  my $settings = pack 'P' x @environment . 'Q', @environment, 0;
  # Perl itself ignores the last one from its start on.
  $SIG{$_} = 'DEFAULT' for @IGNORED, 'PIPE', 'FPE';
  report('slipway:starting');
  my $reason = 2;
  for my $path (@paths) {
    syscall $execve, $path, $arguments, $settings;
    $reason = $! + 0 if $! != 2 && $! != 20;
    last if $reason != 2 && $reason != 13;
  }
  report("slipway:not-started $reason");
  exit 125;
}

# SIOCSIFFLAGS with IFF_UP and IFF_RUNNING.
sub loopback {
  my $request = pack 'a16 s x22', 'lo', 0x41;
  socket(ANY, 2, 2, 0) && ioctl(ANY, 0x8914, $request) or report('slipway:no-loopback');
  close ANY;
}

sub filter {
  my $program = pack 'S x6 P', length($_[0]) / 8, $_[0];
  syscall($prctl, 22, 2, $program, 0, 0) >= 0 or fail('seccomp');
}

my %operation = (
  call => \&call,
  restrict => sub { restrict(@_) or fail("mount $_[0]") },
  mount_in => \&mount_in,
  fork => \&fork_into,
  enter => sub { enter($_[0]) or fail($_[0]) },
  loopback => \&loopback,
  filter => \&filter,
  output => sub { open STDOUT, '>', $_[0] and open STDERR, '>', $_[1] or fail('output') },
  environment => sub { @environment = @_ },
  paths => sub { @paths = @_ },
  start => \&start,
);

sub run {
  close PLANS;
  %running = ();
  $0 = 'slipway: sandbox';
  for (@_) {
    my ($name, @arguments) = fields($_);
    $operation{$name}->(@arguments);
  }
  exit 125;
}

sub launch {
  my ($pipe, $flags, @plan) = fields($_[0]);
  open REPORT, '>', $pipe or return;
  my $child = syscall($clone, $SIGCHLD | $flags, 0, 0, 0, 0);
  $child == 0 and run(@plan);
  my $ending = $child < 0 ? -1 : syscall($pidfd_open, $child, 0);
  if ($ending < 0) {
    report("clone: $!");
    kill $SIGKILL, $child if $child > 0;
    close REPORT;
    return;
  }
  report("slipway:process $child");
  open my $pidfd, '<&=', $ending;
  open my $report, '>&', \*REPORT;
  close REPORT;
  $running{$child} = [$pidfd, $report];
}

sub reap {
  my $child = shift;
  waitpid $child, 0;
  syswrite $running{$child}[1], 'slipway:ended ' . code() . "\n";
  delete $running{$child};
}

$SIG{$_} = 'IGNORE' for @IGNORED, 'PIPE';
open PLANS, '<&=', 4 or die "fd 4: $!\n";
my ($numbers, @cgroups) = @ARGV;
($mount, $statfs, $openat, $mkdirat, $execve, $prctl, $clone, $pidfd_open, $DIRECTORY, $NOFOLLOW) =
  map { $_ + 0 } split / /, $numbers;
enter($_) or die "$_: $!\n" for @cgroups;
$0 = 'slipway: launcher';

my $received = '';
while (1) {
  my $awaited = '';
  vec($awaited, $_, 1) = 1 for fileno PLANS, map { fileno $_->[0] } values %running;
  select(my $ready = $awaited, undef, undef, undef) > 0 or next;
  for (keys %running) { reap($_) if vec $ready, fileno $running{$_}[0], 1 }
  vec $ready, fileno PLANS, 1 or next;
  sysread PLANS, $received, 65536, length $received or last;
  while (length $received >= 4 && length $received >= 4 + unpack 'N', $received) {
    (my $request, $received) = unpack 'N/a* a*', $received;
    launch($request);
  }
}
kill $SIGKILL, keys %running;
waitpid $_, 0 for keys %running;
for (@cgroups) { enter("$_/.."); rmdir }
`;

/**
 * Becomes the launcher from a sealed copy of perl in memory: a program of a sandbox can start `/proc/self/exe`, which is
 * what ran before it, and as the machine's root it could change the mode or the content of the machine's own file. The
 * arguments are the number of memfd_create(2), the launcher, and its arguments.
 */
export const SEALED = String.raw`
use strict;
my ($memfd_create, @launcher) = @ARGV;
my ($SEALABLE, $EXECUTABLE, $ADD_SEALS, $EVERY_SEAL, $name) = (3, 16, 1033, 15, 'perl');
my $fd = syscall $memfd_create + 0, $name, $SEALABLE | $EXECUTABLE;
# Linux before 6.3 knows no such flag, and no memory that is not executable.
$fd = syscall $memfd_create + 0, $name, $SEALABLE if $fd < 0 && $! == 22;
$fd >= 0 && open my $copy, '+<&=', $fd or die "a copy of perl in memory: $!\n";
open my $own, '<', '/proc/self/exe' or die "perl: $!\n";
while (sysread $own, my $part, 1 << 20) { syswrite($copy, $part) == length $part or die "a copy of perl: $!\n" }
fcntl $copy, $ADD_SEALS, $EVERY_SEAL or die "a seal on a copy of perl: $!\n";
exec { "/proc/self/fd/$fd" } 'perl', '-e', @launcher or die "a copy of perl: $!\n";
`;
