/// Incremental delivery: Defer And Stream Directives Are Used On Valid Root Field (graphql-js:
/// DeferStreamDirectiveOnRootFieldRule).
///
/// The root fields of mutations and subscriptions are neither deferred nor streamed.
enum DeferStreamDirectiveOnRootFieldRule {
  static func check(
    _ directive: DirectiveNode, id: DirectiveID, at place: DirectivePlace,
    in context: inout ValidationContext
  ) {
    guard let type = place.parentType, context.rules.contains(.deferStreamDirectiveOnRootField) else {
      return
    }
    let root: String
    if type == context.schema.mutationType {
      root = "mutation"
    } else if type == context.schema.subscriptionType {
      root = "subscription"
    } else {
      return
    }
    let name = id == context.deferDirective ? "Defer" : "Stream"
    context.report(
      .deferStreamDirectiveOnRootField,
      "\(name) directive cannot be used on root \(root) type \"\(context.schema.name(type))\".",
      at: directive.node)
  }
}
