import Files
import Flows
import Postgres
import Schema
import Storage

/// Giving oneself a picture.
struct AvatarOperations {
  let context: StudioContext

  init(context: StudioContext) { self.context = context }

  func set(_ upload: Upload) async throws -> AccountChange {
    let viewer = try context.requireViewer()
    guard let files = context.services.files else { throw AvatarOperations.unavailable }
    guard let file = context.uploads[upload.token] else {
      throw ServiceError(.badUserInput, "file must be a file of this request.", field: "file")
    }
    guard let type = ImageType(sniffing: file.head) else {
      throw ServiceError(.badUserInput, "file must be a PNG, JPEG, WebP or GIF image.", field: "file")
    }
    // A form may bring more where its part says that it is JSON.
    guard file.size <= files.maximumBytes else {
      throw ServiceError(
        .badUserInput, "file may have \(files.maximumBytes) bytes at most.", field: "file")
    }
    let name = "avatars/\(viewer.userID)/\(context.services.makeID()).\(type.fileExtension)"
    guard let key = FileKey(name) else { throw WiringFault(description: "\(name) is no key of a file.") }
    let avatars = context.services.avatars
    context.audit(.user, viewer.userID)
    // The event of the audit log goes with the change, not with this.
    try await TransactionCompanions.$current.withValue(nil) {
      try await avatars.expect(key.text, of: viewer.userID)
    }
    do {
      try await files.store.keep(file, as: key, type: type.mediaType)
    } catch {
      context.logger.error("A file could not be stored", metadata: ["error": "\(error)"])
      throw AvatarOperations.unavailable
    }
    try await avatars.set(key.text, url: files.baseURL + key.text, of: viewer.userID)
    await context.removeFiles(of: viewer.userID)
    return AccountChange(viewer: viewer)
  }

  private static let unavailable = ServiceError(
    .unavailable, "The file cannot be stored now. Try again in a moment.", field: "file")
}

extension StudioContext {
  /// Deletes the files that a user's change has left behind; a failure costs the change nothing.
  func removeFiles(of user: Identifier) async {
    guard let store = services.files?.store, let due = try? await services.avatars.removals(of: user) else {
      return
    }
    await FileRemoval(avatars: services.avatars, store: store, logger: logger).run(due)
  }
}
