import Flows
import Postgres

/// What an integration is called outside of its organization: where ids mean nothing.
public struct IntegrationName: Hashable, Sendable {
  /// The connector's type.
  public var type: String
  public var name: String

  public init(type: String, name: String) {
    self.type = type
    self.name = name
  }
}

extension IntegrationStore {
  /// The names of integrations; those that the organization does not have are left out.
  public func names(
    of ids: Set<Identifier>, in organization: Identifier
  ) async throws -> [Identifier: IntegrationName] {
    guard !ids.isEmpty else { return [:] }
    let rows = try await database.query(IntegrationStore.selectNames, keyParameters(organization, ids))
    return IntegrationStore.list(rows)
  }

  /// The integrations with these names; those that the organization does not have are left out.
  public func find(
    _ names: Set<IntegrationName>, in organization: Identifier
  ) async throws -> [IntegrationName: Identifier] {
    guard !names.isEmpty else { return [:] }
    let list = Array(names)
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.texts(list.map(\.type))
      $0.texts(list.map(\.name))
    }
    let rows = try await database.query(IntegrationStore.selectByName, parameters)
    let found = IntegrationStore.list(rows).map { ($0.value, $0.key) }
    return Dictionary(found) { first, _ in first }
  }

  private static func list(_ rows: RowBatch) -> [Identifier: IntegrationName] {
    var names: [Identifier: IntegrationName] = [:]
    for row in 0..<rows.rowCount {
      if let id = rows.uuid(row, 0), let type = rows.string(row, 1), let name = rows.string(row, 2) {
        names[id.identifier] = IntegrationName(type: type, name: name)
      }
    }
    return names
  }

  private static let selectNames = Statement(
    "integration_names",
    "SELECT id, type, name FROM integrations WHERE organization_id = $1 AND id = ANY($2)",
    [.uuid, .uuidArray])

  private static let selectByName = Statement(
    "integrations_by_name",
    """
    SELECT i.id, i.type, i.name FROM unnest($2::text[], $3::text[]) AS n (type, name) \
    JOIN integrations i ON i.organization_id = $1 AND i.type = n.type AND i.name = n.name
    """,
    [.uuid, .textArray, .textArray])
}
