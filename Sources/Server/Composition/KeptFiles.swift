import Files
import Foundation
import Logging
import Resolvers
import Secrets
import ServiceLifecycle
import Storage

/// Where uploads arrive and where they are kept, put together from the settings.
struct KeptFiles: Sendable {
  let store: any FileStore
  let reception: Reception
  let maximumBytes: Int

  /// Nil, with a warning, when the folder cannot be used: everything else works without it.
  static func open(_ configuration: StudioConfiguration.Files, logger: Logger) throws -> KeptFiles? {
    let folder = URL(fileURLWithPath: configuration.folder).standardizedFileURL.path
    do {
      let reception = try Reception(folder: folder)
      let store: any FileStore =
        if let bucket = configuration.bucket {
          try BucketStore(bucket, now: SystemClock.unixSeconds)
        } else {
          try DiskStore(folder: folder)
        }
      return KeptFiles(store: store, reception: reception, maximumBytes: configuration.maximumBytes)
    } catch {
      if case .configuration(let reason) = error { throw SettingError(description: reason) }
      logger.warning(
        "Files cannot be stored: uploads are refused", metadata: ["folder": "\(folder)", "error": "\(error)"])
      return nil
    }
  }
}

/// Deletes what a crash or an outage of the store has left behind: every ten minutes.
struct FileUpkeep: Sendable {
  let avatars: AvatarStore
  let reception: Reception
  let store: any FileStore
  let logger: Logger

  /// Works until the server stops.
  func run() async {
    await cancelWhenGracefulShutdown {
      repeat { await round() } while (try? await Task.sleep(for: .seconds(600))) != nil
    }
  }

  func round() async {
    await reception.sweep()
    guard let due = try? await avatars.removals() else { return }
    await FileRemoval(avatars: avatars, store: store, logger: logger).run(due)
  }
}
