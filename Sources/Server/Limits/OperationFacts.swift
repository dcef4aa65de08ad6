import GraphQLEngine

/// What is known of an operation before its variables: its size, what it costs by its variables, and how long
/// its answer may be kept. Made once per prepared operation.
///
/// Fields are merged as the execution merges them. `@skip` and `@include` are not looked at, and of the types
/// that an object may have all are counted, so that all of it is an upper bound.
struct OperationFacts: Sendable {
  /// Levels of fields.
  var depth = 0
  /// The most fields of one selection set.
  var breadth = 0
  /// Fields that are given another name.
  var aliases = 0
  /// Every field behind the one above it.
  var fields: [FieldCost] = []
  var caching = CachePolicy()

  /// What a field adds to the cost for each object that it is asked of.
  struct FieldCost: Sendable {
    /// Its own weight and that of its arguments.
    var weight: Double
    /// The weight of the objects that it gives; 0 for leaves.
    var typeWeight: Double
    /// How many of them.
    var size: ListSize
    /// Behind the last field below it.
    var end = 0
  }

  /// How long a list is taken to be.
  indirect enum ListSize: Sendable, Equatable {
    case constant(Double)
    /// A variable's number or the length of its list; its default when the request has none; `otherwise`,
    /// what the next argument says, when it is null or has no default.
    case variable(String, standard: Double?, otherwise: ListSize)

    func value(_ variables: InputObject) -> Double {
      switch self {
      case .constant(let size): return size
      case .variable(let name, let standard, let otherwise):
        switch variables[name] {
        case .int(let number): return Double(max(0, number))
        case .float(let number): return max(0, number)
        case .list(let items): return Double(items.count)
        case nil: return standard ?? otherwise.value(variables)
        default: return otherwise.value(variables)
        }
      }
    }
  }

  /// - Parameter schema: the one that the operation was validated against.
  static func of(_ operation: PreparedOperation, _ schema: Schema) -> OperationFacts {
    var walk = OperationWalk(operation, schema)
    walk.run()
    return walk.facts
  }

  /// The cost with a request's variables, as the specification of `@cost` and `@listSize` has it: what the
  /// fields cost, and what the objects cost that they give.
  func cost(_ variables: InputObject) -> OperationCost {
    var cost = OperationCost()
    var counts: [(count: Double, end: Int)] = [(1, fields.count)]
    for (index, field) in fields.enumerated() {
      while let last = counts.last, last.end <= index, counts.count > 1 { counts.removeLast() }
      let parents = counts.last?.count ?? 1
      cost.fields += parents * field.weight
      let count = parents * field.size.value(variables)
      cost.types += count * field.typeWeight
      if field.end > index + 1 { counts.append((count, field.end)) }
    }
    return cost
  }
}

/// What an operation costs.
struct OperationCost: Sendable, Equatable {
  var fields = 0.0
  var types = 0.0

  /// The value of the header `GraphQL-Cost`: a dictionary (RFC 9651).
  var header: String { "fieldCost=\(OperationCost.text(fields)), typeCost=\(OperationCost.text(types))" }

  /// With a digit behind the point where it is needed; RFC 9651 allows no more than fifteen.
  static func text(_ value: Double) -> String {
    let bounded = min(value, 999_999_999_999)
    return bounded == bounded.rounded() ? String(Int(bounded)) : String((bounded * 10).rounded() / 10)
  }
}

/// How long an answer may be kept, from the hints of `@cacheControl` (as Apollo's servers combine them).
struct CachePolicy: Sendable, Equatable {
  /// Seconds; nil until a field has spoken.
  var maximumAge: Int?
  var isPrivate = false

  mutating func restrict(_ maximumAge: Int) { self.maximumAge = min(self.maximumAge ?? .max, maximumAge) }

  /// The value of `Cache-Control`; nil when the answer may not be kept.
  ///
  /// - Parameter isSignedIn: then no shared cache may keep it, whatever the hints say.
  func header(isSignedIn: Bool) -> String? {
    guard let maximumAge, maximumAge > 0 else { return nil }
    return "max-age=\(maximumAge), \(isPrivate || isSignedIn ? "private" : "public")"
  }
}
