import Flows
import GraphQLEngine
import Schema
import Secrets
import Storage

/// What a user changes about the own account: the profile, the password, the sessions.
struct ProfileOperations {
  static let maximumPreferencesBytes = 16_384

  let context: StudioContext

  init(context: StudioContext) { self.context = context }

  private var accounts: AccountStore { context.services.accounts }

  func update(_ input: UpdateProfileInput) async throws -> AccountChange {
    let viewer = try context.requireViewer()
    try InputCheck.all(
      { try InputCheck.optionalText(input.name, 1...200, field: "name") },
      { if let url = input.avatarUrl { try checkURL(url) } })
    let change = AccountStore.ProfileChange(
      name: input.name, changesAvatar: input.gives("avatarUrl"), avatarURL: input.avatarUrl)
    context.audit(.user, viewer.userID)
    try await accounts.update(viewer.userID, change)
    if change.changesAvatar { await context.removeFiles(of: viewer.userID) }
    return AccountChange(viewer: viewer)
  }

  func setTheme(_ input: SetThemeInput) async throws -> AccountChange {
    let viewer = try context.requireViewer()
    let theme = input.theme.rawValue.lowercased().replacing("_", with: "-")
    context.audit(.user, viewer.userID)
    try await accounts.setTheme(theme, of: viewer.userID)
    return AccountChange(viewer: viewer)
  }

  func setPreferences(_ input: SetPreferencesInput) async throws -> AccountChange {
    let viewer = try context.requireViewer()
    var members: [JSONObject.Member] = []
    if input.gives("language") {
      if let language = input.language { try checkLanguage(language) }
      members.append(.init(key: "language", value: input.language.map { .string($0) } ?? .null))
    }
    if input.gives("timeZone") {
      if let zone = input.timeZone { try await checkTimeZone(zone) }
      members.append(.init(key: "timeZone", value: input.timeZone.map { .string($0) } ?? .null))
    }
    if let values = input.values {
      members.append(.init(key: "values", value: try checkedValues(values)))
    }
    context.audit(.user, viewer.userID)
    try await accounts.setPreferences(JSONValue.object(JSONObject(members)).text(), of: viewer.userID)
    return AccountChange(viewer: viewer)
  }

  /// A stolen access token is not enough: the current password is asked for.
  func changePassword(_ input: ChangePasswordInput) async throws -> AccountChange {
    let viewer = try context.requireViewer()
    try InputCheck.password(input.newPassword, field: "newPassword")
    let hasher = context.services.hasher
    guard let old = try await accounts.passwordHash(of: viewer.userID),
      try await hasher.verify(input.currentPassword, against: old)
    else { throw ServiceError(.badUserInput, "The current password is wrong.", field: "currentPassword") }
    context.audit(.user, viewer.userID)
    let new = try await hasher.hash(input.newPassword)
    do {
      let revoked = try await accounts.changePassword(
        of: viewer.userID, from: old, to: new, keeping: viewer.sessionID)
      return AccountChange(viewer: viewer, revokedSessions: revoked)
    } catch StorageError.notFound {
      throw ServiceError(.conflict, "The password was changed by somebody else just now.")
    }
  }

  func revokeSession(_ input: RevokeSessionInput) async throws -> RevokeSessionPayload {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .session)
    context.audit(.session, id)
    try await accounts.revoke(id, of: viewer.userID)
    return RevokeSessionPayload(revokedId: input.id)
  }

  // MARK: Checks

  private func checkURL(_ url: String) throws {
    try InputCheck.text(url, 1...2000, field: "avatarUrl")
    let isPrintable = url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}".utf8.contains($0) }
    let scheme = "https://"
    guard isPrintable, url.hasPrefix(scheme), let first = url.dropFirst(scheme.count).first,
      first.isLetter || first.isNumber || first == "["
    else {
      throw ServiceError(
        .badUserInput, "avatarUrl must be a URL that begins with https://.", field: "avatarUrl")
    }
  }

  /// Subtags of letters and digits, 1 to 8 each, the first of letters alone (RFC 5646 § 2.1).
  private func checkLanguage(_ tag: String) throws {
    let subtags = tag.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    let isWellFormed =
      tag.utf8.count <= 35
      && subtags.allSatisfy { (1...8).contains($0.count) && $0.allSatisfy(ProfileOperations.isAlphanumeric) }
      && subtags.first.map { $0.count >= 2 && $0.allSatisfy { $0 > UInt8(ascii: "9") } } == true
    guard isWellFormed else {
      throw ServiceError(.badUserInput, "language must be a BCP 47 tag such as \"pt-BR\".", field: "language")
    }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }

  private func checkTimeZone(_ name: String) async throws {
    try InputCheck.text(name, 1...64, field: "timeZone")
    guard try await accounts.knowsTimeZone(name) else {
      throw ServiceError(
        .badUserInput, "timeZone must be a name such as \"Europe/Paris\".", field: "timeZone")
    }
  }

  private func checkedValues(_ input: InputValue) throws -> JSONValue {
    let values = try JSONValue.checked(input, field: "values")
    guard values.object != nil, values.encoded().count <= ProfileOperations.maximumPreferencesBytes else {
      throw ServiceError(
        .badUserInput,
        "values must be an object of \(ProfileOperations.maximumPreferencesBytes) bytes at most.",
        field: "values")
    }
    return values
  }
}
