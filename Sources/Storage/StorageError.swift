import Postgres

/// Why storage refused, in terms of the domain; what it does not foresee goes through as a `PostgresError`.
public enum StorageError: Error, Equatable, Sendable {
  /// There is no such row in this organization.
  case notFound
  /// The row has another revision than the caller expected.
  case revisionConflict(current: Int)
  /// A unique name is taken; `field` is the input that holds it.
  case taken(field: String)
  /// Something still points to the row.
  case inUse(by: [String])
  /// A referenced row does not exist; `field` is the input that names it.
  case unknownReference(field: String)
  /// More than `maximum` rows would belong to one; `field` is the input that names them.
  case full(field: String, maximum: Int)
  /// An instant lies in the past; `field` is the input that holds it.
  case past(field: String)
  /// An organization would be left without an owner.
  case lastOwner
  /// A trigger that is switched on names a node which would not be there.
  case namedByTrigger(nodeKey: String)
  /// An archived flow does not run.
  case archived
}

extension StorageError {
  /// Why an update with an expected revision changed no row: `revision` is what a look at the row gave, one
  /// number, or nothing where it is gone.
  static func notUpdated(_ revision: RowBatch) -> StorageError {
    guard revision.rowCount == 1, let current = revision.int(0, 0) else { return .notFound }
    return .revisionConflict(current: current)
  }
}
