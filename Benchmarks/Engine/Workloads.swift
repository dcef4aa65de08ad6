import GraphQLEngine

/// The engine's workloads, by the numbers that budgets and comparisons know them by.
enum WorkloadKind: String, CaseIterable, Sendable {
  case parseSmall = "W1"
  case parseKitchenSink = "W2"
  case parseSchema = "W4p"
  case buildSchema = "W4b"
  case validateQuery = "W5q"
  case validateIntrospection = "W5i"
  case executeWide = "W6a"
  case introspect = "W6b"
  case executeNested = "W6c"

  var title: String {
    switch self {
    case .parseSmall: "W1 parse small"
    case .parseKitchenSink: "W2 parse kitchen sink"
    case .parseSchema: "W4 parse SDL"
    case .buildSchema: "W4 parse, build, validate schema"
    case .validateQuery: "W5 validate query"
    case .validateIntrospection: "W5 validate introspection"
    case .executeWide: "W6a 1,000 objects x 10 scalars"
    case .introspect: "W6b introspection of the large schema"
    case .executeNested: "W6c 100 x 10 x 10"
    }
  }

  /// The file of the document.
  var file: String {
    switch self {
    case .parseSmall: "w1_small.graphql"
    case .parseKitchenSink: "w2_kitchen.graphql"
    case .parseSchema, .buildSchema: WorkloadFolder.largeSchemaFile
    case .validateQuery: "w5_query.graphql"
    case .validateIntrospection, .introspect: "introspection.graphql"
    case .executeWide: "w6a.graphql"
    case .executeNested: "w6c.graphql"
    }
  }

  /// Rounds that are counted: few, since counting is fifty times slower than running, but enough that what
  /// happens once (a page of the heap, a wake-up) does not show.
  var countedRounds: Int {
    switch self {
    case .parseSmall, .parseKitchenSink: 500
    case .parseSchema, .buildSchema: 5
    case .validateQuery, .validateIntrospection: 100
    case .executeWide, .introspect, .executeNested: 10
    }
  }

  /// Whether `filter` means this one: its number, or a part of its title; an empty one means all.
  func matches(_ filter: String) -> Bool {
    filter.isEmpty || rawValue == filter || title.contains(filter)
  }
}

/// A workload, ready to run.
struct Workload {
  /// One operation. Those that may hop between threads are `suspending`.
  enum Operation {
    case plain(() throws -> Void)
    case suspending(() async throws -> Void)
  }

  let kind: WorkloadKind
  /// Bytes that are read or written in one operation; 0 where a speed in bytes says nothing.
  let bytes: Int
  let operation: Operation

  func run(rounds: Int) async throws {
    switch operation {
    case .plain(let operation): for _ in 0..<rounds { try operation() }
    case .suspending(let operation): for _ in 0..<rounds { try await operation() }
    }
  }
}

/// Why a workload did not do what it is measured for.
enum WorkloadFailure: Error {
  case unexpectedResult(WorkloadKind)
}

/// Makes the workloads of a folder. The large schema is built when the first one needs it.
struct Workloads {
  let folder: WorkloadFolder
  private var largeSchema: Schema?

  init(_ folder: WorkloadFolder) { self.folder = folder }

  mutating func make(_ kind: WorkloadKind) async throws -> Workload {
    switch kind {
    case .parseSmall, .parseKitchenSink, .parseSchema: try parsing(kind)
    case .buildSchema: try building()
    case .validateQuery, .validateIntrospection: try validating(kind)
    case .executeWide, .introspect, .executeNested: try await executing(kind)
    }
  }

  /// The answer of an execution.
  mutating func answer(_ kind: WorkloadKind) async throws -> [UInt8] {
    let (engine, operation) = try prepared(kind)
    let response = await engine.execute(operation)
    guard !response.hasErrors else { throw WorkloadFailure.unexpectedResult(kind) }
    return response.bytes
  }

  private func parsing(_ kind: WorkloadKind) throws -> Workload {
    let bytes = try folder.bytes(of: kind.file)
    return Workload(
      kind: kind, bytes: bytes.count,
      operation: .plain {
        let document = try Document.parse(Source(bytes), limits: .schema)
        guard document.wordCount > 0 else { throw WorkloadFailure.unexpectedResult(kind) }
      })
  }

  private func building() throws -> Workload {
    let sdl = try folder.bytes(of: WorkloadFolder.largeSchemaFile)
    return Workload(
      kind: .buildSchema, bytes: sdl.count,
      operation: .plain {
        let schema = try Schema.build(Document.parse(Source(sdl), limits: .schema))
        guard !schema.types.isEmpty else { throw WorkloadFailure.unexpectedResult(.buildSchema) }
      })
  }

  private mutating func validating(_ kind: WorkloadKind) throws -> Workload {
    let schema = try schema()
    let document = try Document.parse(Source(try folder.bytes(of: kind.file)))
    return Workload(
      kind: kind, bytes: 0,
      operation: .plain {
        guard schema.validate(document).isEmpty else { throw WorkloadFailure.unexpectedResult(kind) }
      })
  }

  private mutating func executing(_ kind: WorkloadKind) async throws -> Workload {
    let (engine, operation) = try prepared(kind)
    let count = await engine.execute(operation).count
    return Workload(
      kind: kind, bytes: count,
      operation: .suspending {
        let response = await engine.execute(operation)
        guard response.count == count, !response.hasErrors else {
          throw WorkloadFailure.unexpectedResult(kind)
        }
      })
  }

  private mutating func prepared(_ kind: WorkloadKind) throws -> (Engine, PreparedOperation) {
    let execution = ExecutionWorkloads(folder: folder)
    let isIntrospection = kind == .introspect
    let engine = try isIntrospection ? execution.introspectionEngine(schema()) : execution.engine()
    return (engine, try engine.prepare(folder.text(of: kind.file)))
  }

  private mutating func schema() throws -> Schema {
    if let largeSchema { return largeSchema }
    let sdl = try folder.bytes(of: WorkloadFolder.largeSchemaFile)
    let schema = try Schema.build(Document.parse(Source(sdl), limits: .schema))
    largeSchema = schema
    return schema
  }
}
