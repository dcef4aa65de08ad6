import Files
import Logging
import Storage

/// Where uploaded files go, and how clients reach them.
public struct FileServices: Sendable {
  public var store: any FileStore
  /// Begins the URL of a file; its key follows.
  public var baseURL: String
  /// Of a file that is kept.
  public var maximumBytes: Int

  public init(store: any FileStore, baseURL: String, maximumBytes: Int) {
    self.store = store
    self.baseURL = baseURL
    self.maximumBytes = maximumBytes
  }
}

/// Deletes stored files that nothing shows any more. What fails is tried again by the next call.
public struct FileRemoval: Sendable {
  let avatars: AvatarStore
  let store: any FileStore
  let logger: Logger

  public init(avatars: AvatarStore, store: any FileStore, logger: Logger) {
    self.avatars = avatars
    self.store = store
    self.logger = logger
  }

  /// Deletes what is due, at most a hundred files.
  public func run(_ removals: [AvatarStore.Removal]) async {
    for removal in removals {
      do {
        if let key = FileKey(removal.key) { try await store.delete(key) }
        try await avatars.removed(removal)
      } catch {
        logger.warning("A file could not be deleted", metadata: ["error": "\(error)"])
      }
    }
  }
}
