#include <JavaScriptCore/JavaScript.h>
#include <stdbool.h>

// Exported by the library, declared only in private headers (JSContextRefPrivate.h, JSBasePrivate.h).
typedef bool (*JSShouldTerminateCallback)(JSContextRef context, void *data);

// Calls back after `limit` seconds of processor time in the group's machine; true ends the script. A limit is
// used up by its callback: to go on and be called again, set it anew inside the callback.
void JSContextGroupSetExecutionTimeLimit(
    JSContextGroupRef group, double limit, JSShouldTerminateCallback callback, void *data);

// Collects all garbage before it returns (JSGarbageCollect only asks for it).
void JSSynchronousGarbageCollectForDebugging(JSContextRef context);

// For the process that hosts the machine: prctl(2) is variadic, which Swift does not import.
#include <sys/prctl.h>
static inline int studio_prctl(int option, unsigned long value) { return prctl(option, value, 0UL, 0UL, 0UL); }

// close_range(2), which Glibc's Swift module does not show.
int close_range(unsigned int first, unsigned int last, int flags);

// seccomp(2) has no wrapper in glibc, and syscall(2) is variadic. 0 when the filter holds for all threads.
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>
long syscall(long number, ...);
static inline long studio_seccomp(struct sock_filter *filter, unsigned short length) {
  struct sock_fprog program = {length, filter};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
}

// The same for calls that are tried to see that the filter refuses them; no other argument than the first is given.
static inline long studio_syscall(int number, unsigned long first) {
  return syscall(number, first, 0UL, 0UL, 0UL, 0UL, 0UL);
}
