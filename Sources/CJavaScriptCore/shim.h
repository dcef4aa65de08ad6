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
