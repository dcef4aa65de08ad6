import Synchronization

/// The objects at one response position: their declared type, and what is selected of each concrete type.
final class PlanSelection: Sendable {
  let schema: Schema
  /// The declared type: object, interface or union.
  let type: TypeID
  private let objects = Mutex<[TypeID: PlanObject]>([:])

  init(schema: Schema, type: TypeID) {
    self.schema = schema
    self.type = type
  }

  /// The fields of one concrete type, merged once.
  func object(for type: TypeID) -> PlanObject? { objects.withLock { $0[type] } }
}

/// The merged fields of one concrete type at one response position.
final class PlanObject: Sendable {
  let type: TypeID
  let fields: [PlanField]

  init(type: TypeID, fields: [PlanField]) {
    self.type = type
    self.fields = fields
  }
}

/// One response key of a `PlanObject`.
final class PlanField: Sendable {
  enum Kind: Sendable {
    case typename, resident, fetched
  }

  let kind: Kind
  let id: FieldID
  let child: PlanSelection?

  init(kind: Kind, id: FieldID, child: PlanSelection?) {
    self.kind = kind
    self.id = id
    self.child = child
  }
}
