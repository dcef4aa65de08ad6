import Glibc
import Logging
import Testing

@testable import Sandbox

/// Runs `body` with a pool on the real child, and shuts it down.
func withPool(_ body: (SandboxPool) async throws -> Void) async throws {
  try await withPool({ _ in }, body)
}

/// The same with other bounds.
func withPool(
  _ change: (inout SandboxConfiguration) -> Void, _ body: (SandboxPool) async throws -> Void
) async throws {
  var configuration = SandboxConfiguration()
  change(&configuration)
  let pool = SandboxPool(configuration: configuration)
  do { try await body(pool) } catch {
    await pool.shutdown()
    throw error
  }
  await pool.shutdown()
}

@Suite struct SandboxValueTests {
  @Test func `an expression sees its scope and answers JSON`() async throws {
    try await withPool { (pool) async throws in
      let scope = SandboxScope(
        input: #"{"total":120,"items":[1,2]}"#, output: "7", nodes: #"{"fetch":{"output":{"ok":true}}}"#,
        run: #"{"id":"r"}"#, flow: #"{"name":"f"}"#, env: #"{"region":"eu"}"#)
      let value = try await pool.evaluate(
        "input.total > 100 && nodes.fetch.output.ok ? [run.id, flow.name, env.region, output] : 0",
        scope: scope)
      #expect(value == #"["r","f","eu",7]"#)
      #expect(
        try await pool.evaluate("({a: [1, 'x', null, undefined], u: undefined})")
          == #"{"a":[1,"x",null,null]}"#)
      #expect(try await pool.evaluate("undefined") == "null")
      #expect(try await pool.evaluate("typeof input") == #""undefined""#)
      #expect(try await pool.evaluate("0/0") == "null")
      #expect(
        try await pool.evaluate("((a, ...rest) => ({a, n: rest.length}))?.(1, 2, 3)") == #"{"a":1,"n":2}"#)
    }
  }

  @Test func `a scope value is found however its name is spelled`() async throws {
    try await withPool { (pool) async throws in
      let scope = SandboxScope(input: "5", output: "6")
      #expect(try await pool.evaluate(#"i\u006eput + 1"#, scope: scope) == "6")
      #expect(try await pool.evaluate("eval('in' + 'put')", scope: scope) == "5")
      #expect(try await pool.evaluate("arguments[1]", scope: scope) == "6")
    }
  }

  @Test(arguments: ["ü", "日本", "👩‍👩‍👧", "\u{0}", "\u{2028}", "\u{FFFF}", "\"\\\n"])
  func `text of every kind comes through unchanged`(text: String) async throws {
    try await withPool { (pool) async throws in
      let json = "\"" + text.unicodeScalars.map(Self.escaped).joined() + "\""
      let units = text.utf16.count
      #expect(try await pool.evaluate("input.length", scope: SandboxScope(input: json)) == "\(units)")
      let raw = text.unicodeScalars.allSatisfy { $0.value > 0x1F && $0 != "\"" && $0 != "\\" }
      if raw {
        #expect(try await pool.evaluate("'\(text)'") == "\"\(text)\"")
        #expect(try await pool.evaluate("input", scope: SandboxScope(input: "\"\(text)\"")) == "\"\(text)\"")
      }
    }
  }

  static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    default:
      scalar.value > 0x1F
        ? String(scalar) : "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
    }
  }

  @Test func `a lone surrogate stays escaped, so the text is valid UTF-8`() async throws {
    try await withPool { (pool) async throws in #expect(try await pool.evaluate(#"'\ud800'"#) == #""\ud800""#)
    }
  }

  @Test func `several expressions share a round trip, each with its own outcome`() async throws {
    try await withPool { (pool) async throws in
      let results = try await pool.evaluateAll(
        ["input.a", "input.b.c", "1 +", "while_ = 1", "input.a = 9, input.a", "input.a"],
        scope: SandboxScope(input: #"{"a":1}"#))
      #expect(results[0] == .success("1"))
      #expect(throws: SandboxError.self) { try results[1].get() }
      #expect(throws: SandboxError.self) { try results[2].get() }
      #expect(throws: SandboxError.self) { try results[3].get() }
      #expect(results[4] == .success("9"))
      #expect(results[5] == .success("1"))
      #expect(try await pool.evaluateAll([]).isEmpty)
    }
  }
}

@Suite struct SandboxErrorTests {
  @Test(arguments: [
    ("1 + * 2", 1, 5), ("foo bar", 1, 5), ("(1", 1, 3), ("", 1, 1), (" \n ", 1, 1), ("1) ; (2", 1, 2),
    ("a\n  + b c", 2, 7), ("x x x", 1, 3), ("'abc", 1, 5), ("if (1) 2", 1, 1), ("'ü' 'ü'", 1, 5),
    ("await 1", 1, 7),
    ("[1, 2", 1, 6), ("})", 1, 1), ("1 // comment", 0, 0), ("/* open", 1, 8),
  ])
  func `a syntax error has a line and a column`(expression: String, line: Int, column: Int) async throws {
    try await withPool { (pool) async throws in
      do throws(SandboxError) {
        try await pool.check(expression)
        #expect(line == 0, "accepted")
      } catch {
        guard case .syntax(let message, let foundLine, let foundColumn) = error else {
          Issue.record("\(error)")
          return
        }
        #expect((foundLine, foundColumn) == (line, column), "\(message)")
        #expect(!message.isEmpty)
      }
    }
  }

  @Test func `many texts are checked in one round trip`() async throws {
    try await withPool { (pool) async throws in
      let results = try await pool.checkAll(["1", "1 +", "input.a"])
      #expect(results.count == 3)
      guard case .failure(.syntax(_, 1, 4)) = results[1] else {
        Issue.record("\(results[1])")
        return
      }
      _ = try results[0].get()
      _ = try results[2].get()
    }
  }

  @Test func `a thrown error tells its message and place`() async throws {
    try await withPool { (pool) async throws in
      let error = await failure {
        _ = try await pool.evaluate("1 +\n input.total.x", scope: SandboxScope(input: "{}"))
      }
      guard case .thrown(let message, let line, let column) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(message.contains("TypeError") && message.contains("input.total"))
      #expect(line == 2 && (column ?? 0) > 0)
      let thrown = await failure { _ = try await pool.evaluate("(() => { throw 'plain' })()") }
      #expect(thrown == .thrown(message: "Thrown: plain", line: nil, column: nil))
      let hostile = await failure {
        _ = try await pool.evaluate("(() => { throw {get message() { throw 1 }, toString() { throw 2 }} })()")
      }
      guard case .thrown = hostile else {
        Issue.record("\(String(describing: hostile))")
        return
      }
      let endless = await failure {
        _ = try await pool.evaluate(
          "(() => { throw {get message() { for (;;) {} }} })()", timeout: .milliseconds(30))
      }
      #expect(endless == .timedOut)
    }
  }

  @Test(arguments: [
    "10n", "(() => 1)", "Symbol('x')", "(a => (a.a = a, a))({})", "Promise.resolve(1)", "(async () => 1)()",
    "({toJSON() { throw new Error('no') }})",
    "(() => { let o = 1; for (let i = 0; i < 200000; i++) o = [o]; return o })()",
  ])
  func `a result without JSON form is told apart`(expression: String) async throws {
    try await withPool { (pool) async throws in
      let error = await failure { _ = try await pool.evaluate(expression, timeout: .seconds(30)) }
      guard case .notSerializable(let message) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(!message.isEmpty)
    }
  }

  @Test func `a huge result is refused and the bound is exact`() async throws {
    try await withPool({ $0.maximumResultBytes = 1000 }) { (pool) async throws in
      #expect(try await pool.evaluate("'x'.repeat(998)").utf8.count == 1000)
      #expect(
        await failure { _ = try await pool.evaluate("'x'.repeat(999)") } == .resultTooLarge(limitBytes: 1000))
      #expect(
        await failure { _ = try await pool.evaluate("'ü'.repeat(600)") } == .resultTooLarge(limitBytes: 1000))
      #expect(
        await failure { _ = try await pool.evaluate("'x'.repeat(3e6)") } == .resultTooLarge(limitBytes: 1000))
    }
  }

  @Test func `what is too large or no JSON is refused before or in the child`() async throws {
    try await withPool({
      $0.maximumExpressionBytes = 10
      $0.maximumScopeBytes = 10
      $0.maximumExpressions = 2
    }) { (pool) async throws in
      #expect(
        await failure { _ = try await pool.evaluate("12345678901") } == .expressionTooLarge(limitBytes: 10))
      let scope = SandboxScope(input: "\"12345678901\"")
      #expect(
        await failure { _ = try await pool.evaluate("input", scope: scope) } == .scopeTooLarge(limitBytes: 10)
      )
      #expect(try await pool.evaluate("1", scope: scope) == "1")
      #expect(
        await failure { _ = try await pool.evaluateAll(["1", "2", "3"]) } == .tooManyExpressions(limit: 2))
      for text in ["", "{", "x", "1 2", "\u{0}", "{a:1}"] {
        let error = await failure { _ = try await pool.evaluate("input", scope: SandboxScope(input: text)) }
        #expect(error == .invalidScope(name: "input"), "\(text)")
      }
    }
  }

  @Test func `every error has a message of its own`() {
    let errors: [SandboxError] = [
      .syntax(message: "m", line: 1, column: 2), .thrown(message: "t", line: 1, column: 2),
      .thrown(message: "u", line: nil, column: nil), .timedOut, .outOfMemory, .resultTooLarge(limitBytes: 1),
      .notSerializable(message: "m"), .invalidScope(name: "env"), .expressionTooLarge(limitBytes: 1),
      .scopeTooLarge(limitBytes: 1), .tooManyExpressions(limit: 1), .overloaded, .crashed,
      .unavailable(reason: "r"), .cancelled, .closed,
    ]
    #expect(Set(errors.map(\.description)).count == errors.count)
  }
}

@Suite struct SandboxIsolationTests {
  @Test(arguments: [
    ("globalThis.leak = 1", "typeof leak"),
    ("Object.prototype.leak = 1", "typeof ({}).leak"),
    ("Array.prototype.leak = 1", "typeof [].leak"),
    ("(0, eval)('var leak = 1; function leak2() {}')", "typeof leak"),
    ("Function('globalThis.leak = 1')()", "typeof globalThis.leak"),
    ("'leaked'.match(/leak/) && RegExp.$_", "RegExp.$_ === '' ? 'undefined' : RegExp.$_"),
    (
      "JSON.parse = null, Object.freeze(globalThis), 1",
      "typeof JSON.parse === 'function' ? 'undefined' : 'leak'"
    ),
    ("({}).constructor.constructor('return this')().leak = 2", "typeof globalThis.leak"),
    ("input.leak = 1", "typeof input.leak"),
    ("Promise.resolve().then(() => { globalThis.leak = 1 }), 1", "typeof globalThis.leak"),
  ])
  func `nothing of one evaluation is seen by the next`(first: String, second: String) async throws {
    try await withPool { (pool) async throws in
      let scope = SandboxScope(input: "{}")
      let results = try await pool.evaluateAll([first, second, first, second], scope: scope)
      #expect(results[1] == .success(#""undefined""#))
      #expect(results[3] == .success(#""undefined""#))
      _ = try? await pool.evaluate(first, scope: scope)
      #expect(try await pool.evaluate(second, scope: scope) == #""undefined""#)
    }
  }

  @Test(arguments: [
    "Math['le' + 'ak'] = input.secret", "({})['_' + '_proto_' + '_'].leak = input.secret",
    "[]['const' + 'ructor'].leak = input.secret",
    "Object.assign([]['_' + '_proto_' + '_'], {leak: input.secret})",
    "((() => 0)['const' + 'ructor'])('globalThis.leak = 7')()", "(JSON.parse = () => input.secret, 1)",
    "delete Math.max", "/(secret.*)/.test(input.secret)", "input.secret.match(/.*/)[0]",
    "(t => { t.leak = input.secret })`x`", "[][Symbol.iterator]()['_' + '_proto_' + '_'].leak = input.secret",
    "[1].values().constructor.leak = input.secret",
  ])
  func `one organization's values are not seen by another's expressions`(attack: String) async throws {
    let probe = """
      [{}, [], '', 0, () => 0, /a/, Math, JSON, Object, Array, String, Date, Map, Set, [][Symbol.iterator](),
        (t => t)`x`].map(it => it.leak).concat([typeof leak, /a/['const' + 'ructor'].lastMatch, JSON.parse('1'),
        Math.max(1, 2)])
      """
    try await withPool { (pool) async throws in
      let expected = try await pool.evaluate(probe)
      for _ in 0..<3 {
        _ = try? await pool.evaluate(attack, scope: SandboxScope(input: #"{"secret":"secret of A"}"#))
        #expect(try await pool.evaluate(probe, scope: SandboxScope(input: "{}")) == expected)
      }
      #expect(!expected.contains("secret") && expected.hasSuffix(",2]"))
    }
  }

  @Test(arguments: [
    ("Math.random() < 1", "true"), ("typeof Intl.NumberFormat", #""function""#),
    ("[typeof eval]", #"["function"]"#),
    ("(() => { const o = {}; o.toString = () => 'x'; return `${o}` })()", #""x""#),
    ("((() => 0)['const' + 'ructor'])('return 5')()", "5"),
    ("/b/.test('abc') && /a/['const' + 'ructor'].$_", #""abc""#),
    ("new (class extends Error { constructor() { super('m'); this.name = 'N' } })().name", #""N""#),
    ("[new Uint8Array(2).length, typeof WeakMap]", #"[2,"function"]"#),
  ])
  func `an expression does not notice where it is evaluated`(expression: String, value: String) async throws {
    try await withPool { (pool) async throws in #expect(try await pool.evaluate(expression) == value) }
  }

  @Test func `there are no host objects`() async throws {
    try await withPool { (pool) async throws in
      let names = """
        ['process','require','fetch','setTimeout','print','load','WebAssembly','SharedArrayBuffer','module']
        """
      let found = try await pool.evaluate("\(names).filter(n => n in globalThis)")
      #expect(found == "[]")
      #expect(await failure { _ = try await pool.evaluate("import('fs')") } != nil)
    }
  }
}

/// The error that `work` throws.
func failure(_ work: () async throws -> Void) async -> SandboxError? {
  do {
    try await work()
    return nil
  } catch { return error as? SandboxError }
}
