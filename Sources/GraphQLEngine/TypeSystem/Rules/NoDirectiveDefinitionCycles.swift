extension SDLValidation {
  /// § 3.13: "A Directive definition must not contain the use of a Directive which references itself",
  /// directly, through other directives, or through the types of its arguments.
  mutating func checkNoDirectiveDefinitionCycles() {
    let relevant: Set<DirectiveLocation> = [
      .argumentDefinition, .inputFieldDefinition, .inputObject, .enum, .enumValue, .scalar,
      .directiveDefinition,
    ]
    guard definitions.directiveSites.contains(where: { relevant.contains($0.location) }) else { return }
    var search = DirectiveCycleSearch(validation: self)
    for index in schema.directives.indices {
      for cycle in search.cycles(from: DirectiveID(rawValue: UInt32(index))) { reportCycle(cycle) }
    }
  }

  private mutating func reportCycle(_ cycle: [DirectiveCycleSearch.Edge]) {
    let isApplication: (DirectiveCycleSearch.Edge) -> Bool = {
      if case .directive = $0.target { true } else { false }
    }
    guard let last = cycle.lastIndex(where: isApplication), case .directive(let id) = cycle[last].target,
      cycle.contains(where: { Int($0.place.document) >= definitions.firstDocument })
    else { return }
    let rotated = cycle[(last + 1)...] + cycle[...last]
    let path = rotated.map(label).joined(separator: ", ")
    let name = schema.name(schema[id].name)
    report.add(
      "Directive \"@\(name)\" forms a reference cycle through: \(path).",
      rotated.map(\.place).filter { Int($0.document) >= definitions.firstDocument })
  }

  private func label(_ edge: DirectiveCycleSearch.Edge) -> String {
    switch edge.target {
    case .directive(let id): return "directive application \"@\(schema.name(schema[id].name))\""
    case .type(let id): return "\"\(schema.name(id))\""
    case .enumValue(let id):
      return "\"\(schema.name(schema[id].parent)).\(schema.name(schema[id].name))\""
    case .inputValue(let id):
      let name = schema.name(schema[id].name)
      if case .directive(let owner) = edge.source {
        return "\"@\(schema.name(schema[owner].name))(\(name):)\""
      }
      if case .type(let owner) = edge.source { return "\"\(schema.name(owner)).\(name)\"" }
      return "\"\(name)\""
    }
  }
}

/// A depth-first search over what directive definitions refer to, with a stack of its own. Every element of
/// the schema is entered once, however many directives lead to it.
struct DirectiveCycleSearch {
  enum Element: Hashable {
    case directive(DirectiveID)
    case type(TypeID)
    case inputValue(InputValueID)
    case enumValue(EnumValueID)
  }

  struct Edge {
    var source: Element
    var target: Element
    var place: SDLPlace
  }

  private struct Frame {
    var element: Element
    var edges: [Edge]
    var next = 0
  }

  private let validation: SDLValidation
  private var visited: Set<Element> = []

  init(validation: SDLValidation) { self.validation = validation }

  private var schema: Schema { validation.schema }

  /// The cycles that are closed on the way from a directive, each as its edges.
  mutating func cycles(from directive: DirectiveID) -> [[Edge]] {
    guard visited.insert(.directive(directive)).inserted else { return [] }
    var cycles: [[Edge]] = []
    var path: [Edge] = []
    var depths: [Element: Int] = [.directive(directive): 0]
    var stack = [Frame(element: .directive(directive), edges: edges(from: .directive(directive)))]
    while var frame = stack.popLast() {
      guard frame.next < frame.edges.count, cycles.count <= 100 else {
        depths[frame.element] = nil
        if !path.isEmpty { path.removeLast() }
        continue
      }
      let edge = frame.edges[frame.next]
      frame.next += 1
      stack.append(frame)
      if let depth = depths[edge.target] {
        cycles.append(path[depth...] + [edge])
      } else if visited.insert(edge.target).inserted {
        depths[edge.target] = stack.count
        path.append(edge)
        stack.append(Frame(element: edge.target, edges: edges(from: edge.target)))
      }
    }
    return cycles
  }

  private func edges(from element: Element) -> [Edge] {
    switch element {
    case .directive(let id): return edges(fromDirective: id)
    case .type(let id): return edges(fromType: id)
    case .inputValue(let id): return edges(fromInputValue: id)
    case .enumValue(let id):
      let position = schema[id].syntax
      return applications(EnumValueDefinitionNode(validation.node(position)).directives, position, element)
    }
  }

  private func edges(fromDirective id: DirectiveID) -> [Edge] {
    let sites = schema.sites[schema[id].sites.indices]
    let applied = sites.flatMap { position in
      applications(DirectiveDefinitionNode(validation.node(position)).directives, position, .directive(id))
    }
    return applied + schema.argumentIDs(of: id).map { edge(from: .directive(id), to: $0) }
  }

  private func edges(fromType id: TypeID) -> [Edge] {
    let sites = schema.sites[schema[id].sites.indices]
    let applied = sites.flatMap { position in
      applications(TypeDefinitionNode(validation.node(position)).directives, position, .type(id))
    }
    let values = schema.enumValueIDs(of: id).map { value in
      Edge(source: .type(id), target: .enumValue(value), place: validation.place(of: schema[value].syntax))
    }
    return applied + values + schema.inputFieldIDs(of: id).map { edge(from: .type(id), to: $0) }
  }

  private func edges(fromInputValue id: InputValueID) -> [Edge] {
    let position = schema[id].syntax
    let node = InputValueDefinitionNode(validation.node(position))
    var named = node.type
    while named.kind != .namedType { named = named.wrapped }
    let type = Edge(
      source: .inputValue(id), target: .type(schema[id].type.namedType),
      place: SDLPlace(position.document, node: named.node))
    return [type] + applications(node.directives, position, .inputValue(id))
  }

  private func edge(from source: Element, to value: InputValueID) -> Edge {
    Edge(source: source, target: .inputValue(value), place: validation.place(of: schema[value].syntax))
  }

  private func applications(
    _ directives: SyntaxList<DirectiveNode>, _ position: SyntaxPosition, _ source: Element
  ) -> [Edge] {
    directives.compactMap { directive in
      validation.directive(named: directive.name).map {
        Edge(source: source, target: .directive($0), place: SDLPlace(position.document, node: directive.node))
      }
    }
  }
}
