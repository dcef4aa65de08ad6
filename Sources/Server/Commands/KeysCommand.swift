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
      idempotency keys live so long; and as long as runs wait for webhooks,
      whose addresses are proved by the key of the time they were told.
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
        let left = try await Resealing(store: SealedCellStore(database), secrets: secrets).run { print($0) }
        await database.shutdown()
        if let problem = left.problem { throw SettingError(description: problem) }
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
  /// Looks at a column: what was changed or written under another key during one is found by the next.
  static let maximumLooks = 4
  /// How many cells of a column that cannot be opened are named: under a wrong key it is all of them.
  static let maximumNamed = 20

  /// Cells that stay as they were.
  struct Left {
    var unopened = 0
    /// Sealed under another key again and again.
    var contested = 0

    var problem: String? {
      if unopened > 0 { return "\(unopened) cells cannot be opened; the lines above name them." }
      guard contested > 0 else { return nil }
      return """
        \(contested) cells were sealed with another key meanwhile: some server has not got the new \
        STUDIO_MASTER_KEY. Restart it with that, then run this again; keep the former key until then.
        """
    }
  }

  /// One look at a column.
  private struct Look {
    var resealed = 0
    var unopened = 0
    /// The first of those that cannot be opened: which row, and why.
    var named: [String] = []
    /// Cells that were changed between being read and being replaced.
    var changed = 0
  }

  let store: SealedCellStore
  let secrets: SecretBox

  func run(_ report: (String) -> Void) async throws -> Left {
    var left = Left()
    for column in SealedColumn.allCases {
      var (look, resealed, looks) = (try await look(at: column), 0, 1)
      while look.resealed + look.changed > 0, looks < Resealing.maximumLooks {
        resealed += look.resealed
        look = try await self.look(at: column)
        looks += 1
      }
      resealed += look.resealed
      left.unopened += look.unopened
      left.contested += look.resealed + look.changed
      let rest = look.unopened > 0 ? ", \(look.unopened) cannot be opened" : ""
      report("\(column.rawValue): \(resealed) sealed anew\(rest)")
      for line in look.named { report(line) }
      let more = look.unopened - look.named.count
      if more > 0 { report("  and \(more) more") }
    }
    return left
  }

  private func look(at column: SealedColumn) async throws -> Look {
    var look = Look()
    var last: SealedCell?
    while true {
      let cells = try await store.cells(
        of: column, notUnder: secrets.currentKeyID, after: last, limit: Resealing.batch)
      for cell in cells {
        let context = Resealing.context(of: cell, in: column)
        let secret: [UInt8]
        do throws(SecretBox.Failure) {
          secret = try secrets.open(cell.blob, for: context)
        } catch {
          look.unopened += 1
          if look.named.count < Resealing.maximumNamed { look.named.append("  id \(cell.id): \(error)") }
          continue
        }
        let isStored = try await store.replace(cell, of: column, by: secrets.seal(secret, for: context))
        if isStored { look.resealed += 1 } else { look.changed += 1 }
      }
      last = cells.last
      if cells.count < Resealing.batch { return look }
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
