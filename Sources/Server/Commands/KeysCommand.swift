import ArgumentParser
import Flows
import Integrations
import Postgres
import Resolvers
import Secrets
import Storage

/// `studio keys`.
struct KeysCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Work with the master key.", subcommands: [RotateKeysCommand.self])
}

/// `studio keys rotate`.
struct RotateKeysCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: "Seal everything under the current master key.",
    discussion: """
      Set the new key as STUDIO_MASTER_KEY and the former one among
      STUDIO_OLD_MASTER_KEYS, restart the servers, then run this. It works in small
      batches beside running servers, may be stopped, and goes on where it was.
      Keep the former key for another day: answers that are kept for their
      idempotency keys live so long.
      """)

  @OptionGroup var settings: SettingsOptions

  func run() async throws {
    try await failing {
      let reader = try await settings.reader()
      let configuration = try StudioConfiguration(reader)
      let database = try Database(configuration.postgres, logger: try settings.startLogging(reader))
      database.start()
      let secrets = SecretBox(current: configuration.masterKey, previous: configuration.oldMasterKeys)
      do {
        let failed = try await Resealing(store: SealedCellStore(database), secrets: secrets).run { print($0) }
        await database.shutdown()
        guard failed == 0 else {
          throw SettingError(description: "\(failed) cells were sealed with a key that is not configured.")
        }
      } catch let error as PostgresError {
        await database.shutdown(deadline: .zero)
        throw SettingError(description: DatabaseAdvice.text(error))
      }
    }
  }
}

/// Seals every cell anew that another key than the current one has sealed.
struct Resealing {
  static let batch = 100

  let store: SealedCellStore
  let secrets: SecretBox

  /// How many cells could not be opened.
  func run(_ report: (String) -> Void) async throws -> Int {
    var failures = 0
    for column in SealedColumn.allCases {
      let (sealed, failed) = try await reseal(column)
      failures += failed
      let rest = failed > 0 ? ", \(failed) cannot be opened" : ""
      report("\(column.rawValue): \(sealed) sealed anew\(rest)")
    }
    return failures
  }

  private func reseal(_ column: SealedColumn) async throws -> (sealed: Int, failed: Int) {
    var (sealed, failed) = (0, 0)
    var last: SealedCell?
    while true {
      let cells = try await store.cells(
        of: column, notUnder: secrets.currentKeyID, after: last, limit: Resealing.batch)
      for cell in cells {
        let context = Resealing.context(of: cell, in: column)
        guard let secret = try? secrets.open(cell.blob, for: context) else {
          failed += 1
          continue
        }
        try await store.replace(cell, of: column, by: secrets.seal(secret, for: context))
        sealed += 1
      }
      last = cells.last
      if cells.count < Resealing.batch { return (sealed, failed) }
    }
  }

  private static func context(of cell: SealedCell, in column: SealedColumn) -> SecretContext {
    let trigger = TriggerReference(organizationID: cell.organizationID, triggerID: cell.id)
    return switch column {
    case .integrationCredentials: AccountReference(cell.id, in: cell.organizationID).secretContext
    case .webhookSecret, .formerWebhookSecret: .webhook(cell.id, in: cell.organizationID)
    case .triggerURL: .triggerURL(trigger)
    case .triggerSecret, .formerTriggerSecret: .triggerSecret(trigger)
    case .signingKey: SigningKeys.context(cell.id)
    }
  }
}
