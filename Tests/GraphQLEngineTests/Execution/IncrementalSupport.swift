import GraphQLEngine
import Testing

/// An engine with `@defer` and `@stream`, and what it answers incrementally.
struct IncrementalEngine {
  let schema: Schema
  let engine: Engine

  /// Fields are members of JSON values, where a test binds nothing else.
  init(
    _ sdl: String, limits: EngineLimits = EngineLimits(), isDynamic: Bool = true,
    _ bind: (inout Wiring, Schema) -> Void = { _, _ in }
  ) throws {
    schema = try Schema.build(sdl, options: .init(definesIncrementalDelivery: true))
    var wiring = Wiring()
    if isDynamic { wiring.defaultBinding = .member }
    bind(&wiring, schema)
    engine = Engine(try ExecutableSchema(schema, wiring), limits: limits)
  }

  func respond(
    _ query: String, root: InputValue? = nil, variables: InputObject = InputObject(),
    context: any RequestContext = EmptyContext(), onError: ErrorBehavior? = nil
  ) async throws -> IncrementalResponse {
    let prepared = try engine.prepare(query)
    var request = ExecutionRequest(
      variables: variables, context: context, root: root.map { Rows.dynamic([$0]) })
    request.onError = onError
    return await engine.executeIncrementally(prepared, request)
  }

  /// All payloads, the initial one first.
  func run(
    _ query: String, root: InputValue? = nil, variables: InputObject = InputObject(),
    context: any RequestContext = EmptyContext(), onError: ErrorBehavior? = nil
  ) async throws -> [String] {
    let response = try await respond(
      query, root: root, variables: variables, context: context, onError: onError)
    var texts = [response.initial.text]
    var hasNext = response.hasNext
    guard let payloads = response.payloads else { return texts }
    for await payload in payloads {
      #expect(hasNext, "a payload behind the last one")
      hasNext = payload.hasNext
      texts.append(payload.text)
    }
    #expect(!hasNext, "the payloads end before they say so")
    return texts
  }
}

/// A client that merges the payloads of an incremental response, and complains about what it must not see.
struct PayloadMerger {
  struct Fault: Error { var text: String }

  private(set) var data: InputValue = .null
  private(set) var errors: [InputValue] = []
  /// The paths of what is announced and not completed, by id.
  private var open: [String: [InputValue]] = [:]
  private var used: Set<String> = []

  init(_ texts: [String]) throws {
    for (index, text) in texts.enumerated() {
      let payload = try JSONReader.read(text)
      if index == 0 {
        data = payload["data"] ?? .null
        errors = items(payload["errors"])
      } else if payload["data"] != nil || payload["errors"] != nil {
        throw Fault(text: "data or errors at the top of \(text)")
      }
      try take(payload)
      let isLast = index == texts.count - 1
      let says = payload["hasNext"]?.bool ?? false
      if says == isLast { throw Fault(text: "hasNext is \(says) in \(text)") }
    }
    if !open.isEmpty { throw Fault(text: "never completed: \(open.keys.sorted())") }
  }

  private func items(_ value: InputValue?) -> [InputValue] {
    if case .list(let items)? = value { return items }
    return []
  }

  private mutating func take(_ payload: InputValue) throws {
    for notice in items(payload["pending"]) {
      guard let id = notice["id"]?.string, used.insert(id).inserted else {
        throw Fault(text: "an id that is not new: \(notice)")
      }
      open[id] = items(notice["path"])
    }
    for entry in items(payload["incremental"]) {
      guard let id = entry["id"]?.string, let path = open[id] else {
        throw Fault(text: "an entry that is not open: \(entry)")
      }
      errors += items(entry["errors"])
      let whole = path + items(entry["subPath"])
      if let fields = entry["data"] {
        data = try changed(data, at: whole[...]) { try merged($0, fields) }
      } else {
        let added = items(entry["items"])
        data = try changed(data, at: whole[...]) { list in
          guard case .list(let known) = list else { throw Fault(text: "items for no list: \(entry)") }
          return .list(known + added)
        }
      }
    }
    for notice in items(payload["pending"])
    where value(at: items(notice["path"])[...], data) == nil {
      throw Fault(text: "announced where nothing is: \(notice)")
    }
    for notice in items(payload["completed"]) {
      guard let id = notice["id"]?.string, open.removeValue(forKey: id) != nil else {
        throw Fault(text: "completed what is not open: \(notice)")
      }
      errors += items(notice["errors"])
    }
  }

  private func value(at path: ArraySlice<InputValue>, _ root: InputValue) -> InputValue? {
    guard let first = path.first else { return root }
    switch (root, first) {
    case (.object(let object), .string(let key)):
      return object[key].flatMap { value(at: path.dropFirst(), $0) }
    case (.list(let list), .int(let index)):
      return index < list.count ? value(at: path.dropFirst(), list[index]) : nil
    default: return nil
    }
  }

  private func changed(
    _ root: InputValue, at path: ArraySlice<InputValue>, _ change: (InputValue) throws -> InputValue
  ) throws -> InputValue {
    guard let first = path.first else { return try change(root) }
    switch (root, first) {
    case (.object(var object), .string(let key)):
      for index in object.fields.indices where object.fields[index].name == key {
        object.fields[index].value = try changed(
          object.fields[index].value, at: path.dropFirst(), change)
        return .object(object)
      }
    case (.list(var list), .int(let index)) where index < list.count:
      list[index] = try changed(list[index], at: path.dropFirst(), change)
      return .list(list)
    default: break
    }
    throw Fault(text: "an entry where nothing is: \(Array(path))")
  }

  private func merged(_ known: InputValue, _ added: InputValue) throws -> InputValue {
    guard case .object(var object) = known, case .object(let more) = added else {
      throw Fault(text: "fields for no object: \(added)")
    }
    for field in more.fields {
      if object[field.name] != nil { throw Fault(text: "delivered twice: \(field.name)") }
      object.append(field.name, field.value)
    }
    return .object(object)
  }
}

extension InputValue {
  /// With the fields of all objects sorted: deferred ones come in another order.
  var sorted: InputValue {
    switch self {
    case .list(let items): .list(items.map(\.sorted))
    case .object(let object):
      .object(
        InputObject(
          object.fields.map { InputObject.Field(name: $0.name, value: $0.value.sorted) }
            .sorted { $0.name < $1.name }))
    default: self
    }
  }
}
