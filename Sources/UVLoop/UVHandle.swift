import CUV
import Glibc

/// A failure of libuv, by its (negative) number.
public struct UVError: Error, Sendable, CustomStringConvertible {
  public let status: Int32
  public var description: String { String(cString: uv_strerror(status)) }
}

/// What polls and timers share: their memory is theirs until libuv has let go of it.
enum UVHandle {
  /// Closes a handle whose `data` is a retained object or nil, and frees both when libuv says so: "memory has
  /// to be released in the close callback or after it has returned".
  static func close(_ handle: UnsafeMutablePointer<uv_handle_t>) {
    guard uv_is_closing(handle) == 0 else { return }
    uv_close(handle) { handle in
      guard let handle else { return }
      if let data = handle.pointee.data {
        let owner = Unmanaged<UVHandleOwner>.fromOpaque(data).takeRetainedValue()
        owner.isClosed = true
      }
      free(handle)
    }
  }

  /// Memory for one handle, from `calloc`, so that one function frees every kind.
  static func allocate<Handle>(_ type: Handle.Type) -> UnsafeMutablePointer<Handle> {
    guard let memory = calloc(1, MemoryLayout<Handle>.stride) else {
      preconditionFailure("out of memory for an event handle")
    }
    return memory.assumingMemoryBound(to: type)
  }
}

/// The Swift side of a handle; libuv holds a reference until the handle is closed.
public class UVHandleOwner {
  fileprivate(set) var isClosed = false
  let handle: UnsafeMutablePointer<uv_handle_t>

  init(_ handle: UnsafeMutablePointer<uv_handle_t>) {
    self.handle = handle
    handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
  }

  /// Ends the handle; no callback comes after this call. Safe to repeat. On the loop's thread only.
  public func close() {
    guard !isClosed else { return }
    isClosed = true
    UVHandle.close(handle)
  }
}
