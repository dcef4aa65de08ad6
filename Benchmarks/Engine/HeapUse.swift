import Glibc
import GraphQLEngine

/// What a schema and a cached plan keep of the heap.
struct HeapUse {
  let folder: WorkloadFolder

  /// Plans that are cached, so that the growth of tables and the heap's own rounding are shared out.
  private static let planCount = 100

  /// Prints one JSON line: the bytes that the large schema and one plan of W5 keep in use, and the growth of
  /// the process's resident pages while the schema was built, which has the builder's own memory in it too.
  func run() async throws {
    let sdl = try folder.bytes(of: WorkloadFolder.largeSchemaFile)
    let query = try folder.text(of: WorkloadKind.validateQuery.file)
    let pagesBefore = Self.residentBytes()
    let before = try Self.bytesInUse()
    let schema = try Schema.build(Document.parse(Source(sdl), limits: .schema))
    let schemaBytes = try Self.bytesInUse() - before
    let residentGrowth = Self.residentBytes() - pagesBefore

    var wiring = Wiring()
    wiring.defaultBinding = .member
    let engine = Engine(try ExecutableSchema(schema, wiring))
    try await Self.cachePlan(query, in: engine)
    let beforePlans = try Self.bytesInUse()
    for number in 1...Self.planCount { try await Self.cachePlan("\(query)#\(number)", in: engine) }
    let planBytes = (try Self.bytesInUse() - beforePlans) / Self.planCount
    print(
      "{\"schemaSourceBytes\":\(sdl.count),\"schemaBytes\":\(schemaBytes)"
        + ",\"schemaResidentGrowthBytes\":\(residentGrowth),\"planBytes\":\(planBytes)}")
  }

  /// Executing makes the plan; that the answer has errors, for want of data, does not matter here.
  private static func cachePlan(_ query: String, in engine: Engine) async throws {
    let operation = try engine.prepare(query)
    let variables = InputObject([.init(name: "owner", value: "studio"), .init(name: "name", value: "engine")])
    _ = await engine.execute(operation, ExecutionRequest(variables: variables))
  }

  /// Bytes that were allocated and not freed, of the heap and of mappings, as the allocator counts them.
  ///
  /// malloc_info(3) is the portable way to them; its header is not in the module of the C library.
  private static func bytesInUse() throws -> Int {
    typealias MallocInfo = @convention(c) (Int32, UnsafeMutablePointer<FILE>) -> Int32
    var text: UnsafeMutablePointer<CChar>?
    var size = 0
    guard let symbol = dlsym(nil, "malloc_info"), let stream = open_memstream(&text, &size) else {
      throw Failure.noAllocatorStatistics
    }
    let status = unsafeBitCast(symbol, to: MallocInfo.self)(0, stream)
    fclose(stream)
    defer { free(text) }
    guard status == 0, let text else { throw Failure.noAllocatorStatistics }
    return try bytesInUse(report: String(cString: text))
  }

  /// The totals stand behind the report's last heap: what the system gave, less what lies free in it, and
  /// what was mapped for single large blocks.
  private static func bytesInUse(report: String) throws -> Int {
    var bytes = 0
    var isTotal = false
    for line in report.split(separator: "\n") {
      if line == "</heap>" { (isTotal, bytes) = (true, 0) }
      guard isTotal, let size = attribute("size", of: line) else { continue }
      if line.hasPrefix("<system type=\"current\"") || line.hasPrefix("<total type=\"mmap\"") {
        bytes += size
      } else if line.hasPrefix("<total type=\"fast\"") || line.hasPrefix("<total type=\"rest\"") {
        bytes -= size
      }
    }
    guard isTotal else { throw Failure.noAllocatorStatistics }
    return bytes
  }

  private static func attribute(_ name: String, of line: Substring) -> Int? {
    for word in line.split(separator: " ") where word.hasPrefix("\(name)=\"") {
      return Int(word.dropFirst(name.count + 2).prefix { $0 != "\"" })
    }
    return nil
  }

  /// The second number of /proc/self/statm, in pages.
  private static func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 128)
    guard fgets(&buffer, Int32(buffer.count), file) != nil else { return 0 }
    let words = String(decoding: buffer.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
    return words.count > 1 ? (Int(words[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
  }

  private enum Failure: Error { case noAllocatorStatistics }
}
