import Synchronization

/// A schema as introspection reads it: its records by position, and every text as JSON bytes that only have
/// to be copied. Trivial, so that rows point to it and nothing counts references.
///
/// Owned by `IntrospectionCache`, shared by all threads, never changed.
struct IntrospectionTables: @unchecked Sendable {
  // @unchecked: the pointers lead into arrays of the schema and into memory of the cache; both are immutable.

  let types: UnsafePointer<TypeRecord>
  let fields: UnsafePointer<FieldRecord>
  let inputValues: UnsafePointer<InputValueRecord>
  let enumValues: UnsafePointer<EnumValueRecord>
  let directives: UnsafePointer<DirectiveRecord>
  let typeLists: UnsafePointer<TypeID>
  let typeOrder: UnsafeBufferPointer<TypeID>
  let directiveOrder: UnsafeBufferPointer<DirectiveID>
  let queryType: TypeID?
  let mutationType: TypeID?
  let subscriptionType: TypeID?
  /// Of the schema itself.
  let description: JSONSpan

  let typeTexts: UnsafePointer<JSONTexts>
  let fieldTexts: UnsafePointer<JSONTexts>
  let inputValueTexts: UnsafePointer<JSONTexts>
  let enumValueTexts: UnsafePointer<JSONTexts>
  let directiveTexts: UnsafePointer<JSONTexts>
  /// What the spans are of; `JSONWriter.padding` bytes behind it may be read.
  let text: UnsafePointer<UInt8>
}

/// A JSON value in `IntrospectionTables.text`; an empty one is null.
struct JSONSpan: BitwiseCopyable, Sendable {
  var start: UInt32
  var count: UInt32

  static let null = JSONSpan(start: 0, count: 0)
}

/// The texts of one definition.
struct JSONTexts: BitwiseCopyable, Sendable {
  var name = JSONSpan.null
  var description = JSONSpan.null
  var deprecationReason = JSONSpan.null
  /// The default value of an argument or input field, the URL of a scalar, the locations of a directive.
  var detail = JSONSpan.null
}

extension JSONWriter {
  /// One of a schema's texts.
  @inline(__always)
  mutating func write(_ span: JSONSpan, of tables: UnsafePointer<IntrospectionTables>) {
    if span.count == 0 { return writeNull() }
    put(padded: tables.pointee.text + Int(span.start), Int(span.count))
  }
}

/// Makes the tables of a schema when it is introspected first: escaping its texts takes a few milliseconds
/// for GitHub's schema and about a megabyte, which schemas that nobody introspects need not spend.
final class IntrospectionCache: Sendable {
  private let made = Mutex<IntrospectionMemory?>(nil)

  /// The tables; valid as long as the schema that owns this cache.
  func tables(of schema: Schema) -> UnsafePointer<IntrospectionTables> {
    made.withLock { made in
      let memory = made ?? IntrospectionMemory(schema)
      made = memory
      return UnsafePointer(memory.tables)
    }
  }
}

/// Owns the tables and what they point to beside the schema's own arrays.
private final class IntrospectionMemory: @unchecked Sendable {
  // @unchecked: written in init, then only read.
  let tables: UnsafeMutablePointer<IntrospectionTables>
  private let texts: [UnsafeMutablePointer<JSONTexts>]
  private let text: UnsafeMutablePointer<UInt8>

  init(_ schema: Schema) {
    var collector = IntrospectionTexts(schema)
    let description = collector.text(schema.description)
    let texts = [
      Self.keep(schema.types.indices.map { collector.texts(of: TypeID(rawValue: UInt32($0))) }),
      Self.keep(schema.fields.indices.map { collector.texts(of: FieldID(rawValue: UInt32($0))) }),
      Self.keep(schema.inputValues.indices.map { collector.texts(of: InputValueID(rawValue: UInt32($0))) }),
      Self.keep(schema.enumValues.indices.map { collector.texts(of: EnumValueID(rawValue: UInt32($0))) }),
      Self.keep(schema.directives.indices.map { collector.texts(of: DirectiveID(rawValue: UInt32($0))) }),
    ]
    text = collector.finish()
    self.texts = texts
    tables = .allocate(capacity: 1)
    tables.initialize(
      to: IntrospectionTables(
        types: Self.place(of: schema.types), fields: Self.place(of: schema.fields),
        inputValues: Self.place(of: schema.inputValues), enumValues: Self.place(of: schema.enumValues),
        directives: Self.place(of: schema.directives), typeLists: Self.place(of: schema.typeLists),
        typeOrder: schema.typeOrder.withUnsafeBufferPointer { $0 },
        directiveOrder: schema.directiveOrder.withUnsafeBufferPointer { $0 },
        queryType: schema.queryType, mutationType: schema.mutationType,
        subscriptionType: schema.subscriptionType, description: description, typeTexts: texts[0],
        fieldTexts: texts[1], inputValueTexts: texts[2], enumValueTexts: texts[3], directiveTexts: texts[4],
        text: text))
  }

  deinit {
    tables.deallocate()
    for table in texts { table.deallocate() }
    text.deallocate()
  }

  private static func keep(_ texts: [JSONTexts]) -> UnsafeMutablePointer<JSONTexts> {
    let memory = UnsafeMutablePointer<JSONTexts>.allocate(capacity: max(texts.count, 1))
    texts.withUnsafeBufferPointer { source in
      if let first = source.baseAddress { memory.initialize(from: first, count: source.count) }
    }
    return memory
  }

  /// The arrays are constants of the schema, so their elements stay where they are; every schema has some of
  /// each, those of introspection itself.
  private static func place<Record>(of records: [Record]) -> UnsafePointer<Record> {
    records.withUnsafeBufferPointer { $0.baseAddress.unsafelyUnwrapped }
  }
}
