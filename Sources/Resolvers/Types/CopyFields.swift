import Flows
import GraphQLEngine
import Schema

/// What a flow was duplicated or imported to: the row of both payload types.
struct CopiedFlow: Sendable {
  var flowID: Identifier
  var missing: [MissingIntegration] = []
  var triggers: [TriggerCopies.Made] = []
  var warnings: [CopyWarning] = []
}

/// Resolvers of `DuplicateFlowPayload` and `ImportFlowPayload`.
struct CopyFields: DuplicateFlowPayloadResolvers, ImportFlowPayloadResolvers {
  var flow: FieldBinding { Loaders.binding(Loaders.flows) { (row: CopiedFlow) in row.flowID } }
  var missingIntegrations: FieldBinding { CopyFields.list(\.missing) }
  var triggers: FieldBinding { CopyFields.list(\.triggers) }
  var warnings: FieldBinding { CopyFields.list(\.warnings) }

  private static func list<Element: Sendable>(
    _ path: KeyPath<CopiedFlow, [Element]> & Sendable
  ) -> FieldBinding {
    .batch { call in
      let lists = try call.parents.rows(of: CopiedFlow.self).map { $0[keyPath: path] }
      return .ready(.objects(.swift(lists.flatMap { $0 })).lists(counts: lists.map(\.count)))
    }
  }
}

/// Resolvers of `CopiedTrigger`.
struct CopiedTriggerFields: CopiedTriggerResolvers {
  var trigger: FieldBinding { Loaders.binding(Loaders.triggers) { (row: TriggerCopies.Made) in row.id } }
  var secret: FieldBinding { .leaf(Secret.self) }

  private enum Secret: LeafField {
    static func write(_ row: UnsafePointer<TriggerCopies.Made>, _ out: inout GraphQLEngine.JSONWriter) {
      out.write(row.pointee.secret)
    }
  }
}
