import CJavaScriptCore
import Glibc
import SandboxWire

/// One JavaScript machine, owned by the process's one thread. Most expressions are evaluated in the shared
/// realm, where nothing can be left behind; the others each in a global context of its own (0.1 ms), so that
/// what one leaves on `globalThis` or in a prototype is not seen by the next.
///
/// An expression becomes the body of a strict function whose parameters are the scope, so it sees no host
/// objects and cannot declare globals by accident.
final class Interpreter {
  private let group: JSContextGroupRef
  private let watch: ExecutionWatch
  private var spare: JSGlobalContextRef?
  private var compiled = CompiledExpressions()
  private var realm: SharedRealm?

  init?() {
    guard let group = JSContextGroupCreate() else { return nil }
    self.group = group
    watch = ExecutionWatch(group: group)
    startRealm()
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
      watch.arm(microseconds: limit)
      return request.expressions.map { expression in
        evaluate(expression, scope, maximumBytes: Int(maximumBytes))
      }
    }
  }

  private func evaluate(_ expression: [UInt8], _ scope: ScopeTexts, maximumBytes: Int) -> SandboxOutcome {
    if watch.hasExpired { return .timedOut }
    if let refusal = check(expression) { return refusal }
    guard let entry = compiled[expression] else {
      return .thrown(message: "Out of memory", line: 0, column: 0)
    }
    if let outcome = evaluateShared(entry, scope, maximumBytes: maximumBytes) { return outcome }
    return withContext { context in
      let evaluation = Evaluation(context: context, watch: watch, expression: expression)
      return evaluation.run(source: entry.source, scope: scope, maximumBytes: maximumBytes)
    }
  }

  /// In the shared realm; nil when the expression must be evaluated in a context of its own.
  private func evaluateShared(
    _ entry: CompiledExpression, _ scope: ScopeTexts, maximumBytes: Int
  ) -> SandboxOutcome? {
    guard entry.mayShare, let realm else { return nil }
    if entry.function == nil { entry.function = realm.compile(entry.source) }
    guard let function = entry.function else { return nil }
    let texts = SandboxSlot.allCases.map { entry.slots.contains($0) ? scope.strings[$0] : nil }
    let text = realm.evaluate(function, texts, watch: watch, maximumBytes: maximumBytes)
    if watch.hasExpired {
      startRealm()  // what was cut off may have left work for later behind
      return .timedOut
    }
    return text.map { .value($0.bytes) }
  }

  /// A new shared realm; what was compiled for the former one goes with it.
  private func startRealm() {
    compiled.removeAll(from: realm)
    realm = SharedRealm(group: group)
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
    if compiled[expression] != nil { return nil }
    return withContext { context in
      switch SyntaxCheck(context: context, expression: expression).run() {
      case .refused(let outcome): return outcome
      case .accepted(let source):
        compiled.insert(CompiledExpression(expression, source: source), for: expression, from: realm)
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

/// An expression that was found to parse.
private final class CompiledExpression {
  /// The wrapped text.
  let source: JSStringRef
  let mayShare: Bool
  /// What the text names, so that other values need not be made. Exact for what may share the realm: without
  /// `eval`, `arguments` and escapes there is no other way to a parameter.
  let slots: Set<SandboxSlot>
  /// In the shared realm, once it was needed.
  var function: JSObjectRef?

  init(_ expression: [UInt8], source: JSStringRef) {
    self.source = source
    mayShare = SharedRealm.admits(expression)
    slots = Set(SandboxSlot.allCases.filter { expression.contains([UInt8]($0.name.utf8), asWord: false) })
  }

  deinit { JSStringRelease(source) }
}

/// Compiled expressions by text; all go when the bound is reached.
private struct CompiledExpressions {
  private static let maximumEntries = 4096
  private static let maximumBytes = 4 << 20
  private var entries: [[UInt8]: CompiledExpression] = [:]
  private var bytes = 0

  subscript(expression: [UInt8]) -> CompiledExpression? { entries[expression] }

  mutating func insert(_ entry: CompiledExpression, for expression: [UInt8], from realm: SharedRealm?) {
    if entries.count >= Self.maximumEntries || bytes + expression.count > Self.maximumBytes {
      removeAll(from: realm)
    }
    entries[expression] = entry
    bytes += expression.count
  }

  /// - Parameter realm: the one that the functions were made in.
  mutating func removeAll(from realm: SharedRealm?) {
    for case let function? in entries.values.map(\.function) { realm?.release(function) }
    entries.removeAll()
    bytes = 0
  }
}
