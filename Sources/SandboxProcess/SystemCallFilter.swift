import CJavaScriptCore
import Glibc

/// A seccomp(2) filter that refuses what evaluating an expression never needs: files, network, programs,
/// other processes, and the kernel's wider doors. A refused call answers EPERM. Threads, memory, signals
/// within the process, clocks and the two open pipes go on: the machine's garbage collector needs them.
enum SystemCallFilter {
  /// Installs the filter on all threads, for good; false when the kernel does not offer it.
  static func install() -> Bool {
    var program = program
    return program.withUnsafeMutableBufferPointer { studio_seccomp($0.baseAddress, UInt16($0.count)) } == 0
  }

  private static let allow: UInt32 = 0x7FFF_0000  // SECCOMP_RET_ALLOW
  private static let kill: UInt32 = 0x8000_0000  // SECCOMP_RET_KILL_PROCESS
  private static func fail(_ code: Int32) -> UInt32 { 0x0005_0000 | UInt32(code) }  // SECCOMP_RET_ERRNO

  // struct seccomp_data: the number at byte 0, the architecture at 4, the first argument at 16.
  private static var program: [sock_filter] {
    var program = [load(4), skipIfEqual(architecture), answer(kill), load(0)]
    #if arch(x86_64)
      // The x32 variants of all calls have numbers from 2³⁰ on.
      program += [sock_filter(code: 0x35, jt: 0, jf: 1, k: 0x4000_0000), answer(fail(EPERM))]
    #endif
    for number in refused { program += answerIfEqual(number, fail(EPERM)) }
    // clone3's flags lie in memory that a filter cannot read; ENOSYS makes glibc use clone, whose flags can
    // be read.
    program += answerIfEqual(__NR_clone3, fail(ENOSYS))
    // clone: threads are allowed (CLONE_THREAD, 0x10000), processes are not.
    program += [
      sock_filter(code: 0x15, jt: 0, jf: 3, k: UInt32(__NR_clone)), load(16),
      sock_filter(code: 0x45, jt: 1, jf: 0, k: 0x10000), answer(fail(EPERM)),
    ]
    return program + [answer(allow)]
  }

  private static func load(_ offset: UInt32) -> sock_filter {
    sock_filter(code: 0x20, jt: 0, jf: 0, k: offset)
  }
  private static func answer(_ value: UInt32) -> sock_filter {
    sock_filter(code: 0x06, jt: 0, jf: 0, k: value)
  }
  private static func skipIfEqual(_ value: UInt32) -> sock_filter {
    sock_filter(code: 0x15, jt: 1, jf: 0, k: value)
  }
  private static func answerIfEqual(_ number: Int32, _ value: UInt32) -> [sock_filter] {
    [sock_filter(code: 0x15, jt: 0, jf: 1, k: UInt32(number)), answer(value)]
  }

  #if arch(x86_64)
    private static let architecture: UInt32 = 0xC000_003E  // AUDIT_ARCH_X86_64
    private static let older: [Int32] = [
      __NR_open, __NR_creat, __NR_fork, __NR_vfork, __NR_unlink, __NR_rename, __NR_mkdir, __NR_rmdir,
      __NR_link, __NR_symlink, __NR_chmod, __NR_chown, __NR_mknod, __NR_inotify_init,
    ]
  #else
    private static let architecture: UInt32 = 0xC000_00B7  // AUDIT_ARCH_AARCH64
    private static let older: [Int32] = []
  #endif

  private static let refused: [Int32] =
    older + [
      // files
      __NR_openat, __NR_openat2, __NR_unlinkat, __NR_renameat2, __NR_mkdirat, __NR_linkat, __NR_symlinkat,
      __NR_fchmodat, __NR_fchownat, __NR_mknodat, __NR_truncate, __NR_memfd_create, __NR_open_by_handle_at,
      __NR_inotify_init1, __NR_fanotify_init, __NR_chroot, __NR_pivot_root, __NR_mount, __NR_umount2,
      // network
      __NR_socket, __NR_socketpair, __NR_connect, __NR_bind, __NR_listen, __NR_accept, __NR_accept4,
      __NR_sendto, __NR_sendmsg, __NR_sendmmsg,
      // programs and processes
      __NR_execve, __NR_execveat, __NR_ptrace, __NR_process_vm_readv, __NR_process_vm_writev, __NR_kill,
      __NR_tkill, __NR_pidfd_open, __NR_pidfd_getfd, __NR_pidfd_send_signal, __NR_setns, __NR_unshare,
      __NR_setuid, __NR_setgid, __NR_setsid, __NR_kcmp,
      // the kernel's wider doors
      __NR_bpf, __NR_perf_event_open, __NR_io_uring_setup, __NR_userfaultfd, __NR_keyctl, __NR_add_key,
      __NR_request_key, __NR_init_module, __NR_finit_module, __NR_kexec_load, __NR_personality, __NR_seccomp,
    ]
}
