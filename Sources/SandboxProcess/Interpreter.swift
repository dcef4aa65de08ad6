import CJavaScriptCore
import Glibc
import SandboxWire

/// One JavaScript machine. Every expression runs in a global context of its own (0.1 ms), so nothing that one
/// leaves behind, on `globalThis` or in a prototype, is seen by the next. The process's one thread owns it.
///
/// An expression becomes the body of a strict function whose parameters are the scope, so it sees no host
/// objects and cannot declare globals by accident. The machine caches what it parsed by source text, across
/// contexts.
final class Interpreter {
  private let group: JSContextGroupRef
  private let watch: ExecutionWatch
  private var spare: JSGlobalContextRef?
  private var sources = SourceCache()

  init?() {
    guard let group = JSContextGroupCreate() else { return nil }
    self.group = group
    watch = ExecutionWatch(group: group)
  }

  /// Makes the machine load what it loads lazily (time zone, locale data) before the system calls for it are
  /// refused.
  func warmUp() {
    let text = """
      [new Date(0).toLocaleString('de', {timeZone: 'Europe/Berlin'}), 'a'.localeCompare('b'), /a/u.test('b')]
      """
    _ = perform(
      SandboxRequest(
        id: 0, work: .evaluate(timeLimitMicroseconds: 5_000_000, maximumResultBytes: 1000),
        expressions: [[UInt8](text.utf8)]))
  }

  func perform(_ request: SandboxRequest) -> [SandboxOutcome] {
    switch request.work {
    case .check:
      watch.arm(microseconds: 2_000_000)
      return request.expressions.map { check($0) ?? .value([]) }
    case .evaluate(let limit, let maximumBytes):
      let scope = ScopeTexts(request.scope)
      return request.expressions.map { expression in
        if let refusal = check(expression) { return refusal }
        guard let source = sources[expression] else {
          return .thrown(message: "Out of memory", line: 0, column: 0)
        }
        return withContext { context in
          watch.arm(microseconds: limit)
          let evaluation = Evaluation(context: context, watch: watch, expression: expression)
          return evaluation.run(source: source, scope: scope, maximumBytes: Int(maximumBytes))
        }
      }
    }
  }

  /// Creates the next context while there is nothing else to do. WebAssembly is taken out: expressions do not
  /// need it, and it is a second language to defend.
  func prepareContext() {
    guard spare == nil, let context = JSGlobalContextCreateInGroup(group, nil) else { return }
    let name = makeString([UInt8]("WebAssembly".utf8))
    defer { JSStringRelease(name) }
    _ = JSObjectDeleteProperty(context, JSContextGetGlobalObject(context), name, nil)
    spare = context
  }

  func collectGarbage() {
    prepareContext()
    if let spare { JSSynchronousGarbageCollectForDebugging(spare) }
  }

  /// The error of an expression that does not parse; nil for one that does, whose source is then cached.
  private func check(_ expression: [UInt8]) -> SandboxOutcome? {
    if sources[expression] != nil { return nil }
    return withContext { context in
      switch SyntaxCheck(context: context, expression: expression).run() {
      case .refused(let outcome): return outcome
      case .accepted(let source):
        sources.insert(source, for: expression)
        return nil
      }
    }
  }

  private func withContext<Value>(_ body: (JSGlobalContextRef) -> Value) -> Value {
    prepareContext()
    guard let context = spare else { exit(70) }  // out of memory; the studio starts another process
    spare = nil
    defer { JSGlobalContextRelease(context) }
    return body(context)
  }
}

/// Sources that were found to parse, by expression; the oldest generation goes when the bound is reached.
private struct SourceCache {
  private static let maximumEntries = 1024
  private static let maximumBytes = 4 << 20
  private var entries: [[UInt8]: JSStringRef] = [:]
  private var bytes = 0

  subscript(expression: [UInt8]) -> JSStringRef? { entries[expression] }

  mutating func insert(_ source: JSStringRef, for expression: [UInt8]) {
    if entries.count >= Self.maximumEntries || bytes + expression.count > Self.maximumBytes {
      for old in entries.values { JSStringRelease(old) }
      entries.removeAll()
      bytes = 0
    }
    if let old = entries.updateValue(source, forKey: expression) { JSStringRelease(old) }
    bytes += expression.count
  }
}
