import CJavaScriptCore
import Testing

@testable import SandboxProcess
@testable import SandboxWire

/// What one organization's expression may do in the global context that another's is evaluated in next. The
/// realm is driven directly: what `admits` would send elsewhere is tried here too.
@Suite(.serialized) struct SharedRealmTests {
  /// Everything that can be reached from anywhere, by properties, getters and prototypes, as `[object,
  /// path]`.
  static let reachable = """
    ((all, seen) => {
      const keys = object => { try { return [...Object.getOwnPropertyNames(object), ...Object.getOwnPropertySymbols(object)] }
        catch { return [] } };
      const add = (value, path) => {
        if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) return;
        seen.add(value); all.push([value, path]);
      };
      const attempt = f => { try { return f() } catch { return undefined } };
      const values = [][Symbol.iterator]();
      [this, {}, [], () => 0, function () {}, function* () {}, (function* () {})(), async () => 0,
        async function* () {}, (async function* () {})(), class {}, /a/, new Date(0), new Map(), new Set(), Symbol('s'),
        1n, '', 0, true, values, ''[Symbol.iterator](), new Map().entries(), new Set().values(), 'a'.matchAll(/a/g),
        attempt(() => values.map(String)), attempt(() => values.constructor), attempt(() => values.constructor.from([])),
        (function () { return arguments })(), new Error(''), (async () => 0)(), (t => t)`a`, Math, JSON,
      ].forEach((value, index) => add(Object(value), '' + index));
      for (let index = 0; index < all.length && index < 5000; index++) {
        const [object, path] = all[index];
        add(attempt(() => Object.getPrototypeOf(object)), path + '^');
        for (const key of keys(object)) {
          const property = attempt(() => Object.getOwnPropertyDescriptor(object, key));
          const name = path + '.' + String(key);
          if (property) { add(property.value, name); add(property.get, name + '<'); add(property.set, name + '>') }
          add(attempt(() => object[key]), name);
        }
      }
      all.own = keys; return all
    })([], new Set())
    """

  /// Writes what can be written, in every way, and says how many objects it walked.
  static let pollution = """
    (all => { for (const [object] of all) {
      const attempt = f => { try { return f() } catch { return undefined } };
      for (const key of ['leak', Symbol.for('leak')]) {
        attempt(() => { object[key] = input.secret });
        attempt(() => Object.defineProperty(object, key, { value: input.secret, configurable: true, writable: true }));
        attempt(() => object.__defineGetter__(key, () => input.secret));
      }
      attempt(() => Object.setPrototypeOf(object, { leak: input.secret }));
      for (const key of all.own(object))
        if (key !== 'prototype') attempt(() => { object[key] = input.secret; });
      } return all.length })(\(reachable))
    """

  /// Where the secret is found afterwards.
  static let search = """
    (all => { const found = []; const attempt = f => { try { return f() } catch { return undefined } };
      for (const [object, path] of all) {
        for (const key of ['leak', Symbol.for('leak'), ...all.own(object)])
          if (attempt(() => object[key]) === 'secret of A') found.push(path + '.' + String(key));
      } return found })(\(reachable))
    """

  /// Evaluates in `realm`, around `admits`.
  func evaluate(_ expression: String, input: String, in realm: SharedRealm, _ watch: ExecutionWatch)
    -> String?
  {
    guard
      case .accepted(let source) = SyntaxCheck(context: realm.context, expression: [UInt8](expression.utf8))
        .run()
    else {
      Issue.record("does not parse: \(expression)")
      return nil
    }
    defer { JSStringRelease(source) }
    guard let function = realm.compile(source) else { return nil }
    defer { realm.release(function) }
    let text = makeString([UInt8](input.utf8))
    defer { JSStringRelease(text) }
    watch.arm(microseconds: 60_000_000)
    let texts = SandboxSlot.allCases.map { $0 == .input ? text : nil }
    return realm.evaluate(function, texts, watch: watch, maximumBytes: 1 << 20)
      .map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  func withRealm(_ body: (SharedRealm, ExecutionWatch) throws -> Void) throws {
    let group = try #require(JSContextGroupCreate())
    let watch = ExecutionWatch(group: group)
    try body(try #require(SharedRealm(group: group)), watch)
  }

  @Test func `whatever an expression writes anywhere, the next one finds none of it`() throws {
    try withRealm { realm, watch in
      let secret = #"{"secret":"secret of A"}"#
      let walked = try #require(evaluate(Self.pollution, input: secret, in: realm, watch).flatMap { Int($0) })
      #expect(walked > 400)
      #expect(evaluate(Self.search, input: "{}", in: realm, watch) == "[]")
      #expect(evaluate("input.total > 100", input: #"{"total":101}"#, in: realm, watch) == "true")
    }
  }

  @Test func `the search finds what a global context of the ordinary kind keeps`() throws {
    let group = try #require(JSContextGroupCreate())
    let context = try #require(JSGlobalContextCreateInGroup(group, nil))
    func run(_ expression: String) -> String {
      let source = makeString(
        [UInt8]("(function(input){'use strict'; return JSON.stringify(\(expression))})".utf8))
      let function = JSEvaluateScript(context, source, nil, nil, 1, nil)
      let input = makeString([UInt8](#"{"secret":"secret of A"}"#.utf8))
      let arguments = [JSValueMakeFromJSONString(context, input)]
      let result = JSObjectCallAsFunction(context, function, nil, 1, arguments, nil)
      return JSValueToStringCopy(context, result, nil).map { String(decoding: bytes(of: $0), as: UTF8.self) }
        ?? ""
    }
    _ = run("Object.prototype.leak = input.secret, Math.max.leak = input.secret")
    #expect(run(Self.search).contains("leak"))
  }

  @Test(arguments: [
    "Math.leak = 1", "Object.prototype.leak = 1", "({}).constructor.assign(Math, {leak: 1})",
    "delete Math.max",
    "[].constructor.from.leak = 1", "globalThis.leak = 1", "leak = 1", "this.leak = 1", "eval('1')",
    "(0, eval)('var leak = 1')", "Function('return 1')()", "(() => 0).constructor('return 1')()",
    "(async () => 0).constructor('return 1')()", "(function* () {}).constructor('yield 1')().next()",
    "Math.random()", "/a/.constructor.lastMatch", "RegExp", "Promise", "Proxy", "Reflect", "new WeakRef({})",
    "Intl",
    "[][Symbol.iterator]()['__proto__'].next = 1", "(async () => 1)()", "Array.fromAsync([])",
    "console.log(1)",
    "import('fs')",
  ])
  func `what would change the realm or keeps hidden state is not evaluated in it`(expression: String) throws {
    try withRealm { realm, watch in #expect(evaluate(expression, input: "{}", in: realm, watch) == nil) }
  }

  @Test(arguments: [
    ("input.total > 100 && input.country === 'NZ'", true), ("input.entry", true),
    ("nodes.a.output.these", true),
    ("(() => { try { return 1 } catch {} })()", false), ("this.x", false), ("eval('1')", false),
    (#"i\u006eput"#, false), ("[].constructor", false), ("x.__proto__", false),
    ("Object.isFrozen(Math)", false),
    ("Promise.resolve(1)", false), ("(async()=>1)()", false), ("new RegExp('a')", false), (#"'a\n'"#, true),
  ])
  func `what may be evaluated in the shared realm is told by its text`(expression: String, isAdmitted: Bool) {
    #expect(SharedRealm.admits([UInt8](expression.utf8)) == isAdmitted)
  }

  @Test(arguments: [
    ("Math.max(1, 2)", "2"), ("[3, 1, 2].sort()", "[1,2,3]"), ("({ a: 1, ...input })", #"{"a":1,"b":2}"#),
    ("[1, 2].map(x => x * 2).reduce((a, b) => a + b, 0)", "6"), ("`${input.b}!`", #""2!""#),
    ("[...new Set([1, 1, 2])]", "[1,2]"), ("Object.fromEntries(new Map([['a', 1]]))", #"{"a":1}"#),
    ("'a-b'.split('-').join('+').toUpperCase()", #""A+B""#), ("'x1y2'.replace(/[0-9]/g, '')", #""xy""#),
    ("[...'a1b2'.matchAll(/[0-9]/g)].map(m => m[0])", #"["1","2"]"#),
    (
      "new Date(0).toISOString()",
      #""1970-01-01T00:00:00.000Z""#
    ), ("parseInt('12px')", "12"), ("JSON.parse('[1]')", "[1]"),
    ("Object.keys(input).length", "1"), ("(function f(n) { return n ? n * f(n - 1) : 1 })(5)", "120"),
    ("(() => { const o = {}; for (const k of ['a']) o[k] = 1; return o })()", #"{"a":1}"#),
    ("undefined", "null"),
    ("[...(function* () { yield 1; yield 2 })()]", "[1,2]"), ("(1234.5).toLocaleString('de')", #""1.234,5""#),
    ("new (class { #x = 7; get x() { return this.#x } })().x", "7"),
    ("encodeURIComponent('ü')", #""%C3%BC""#),
  ])
  func `ordinary expressions have their values in the shared realm`(expression: String, value: String) throws
  {
    try withRealm { realm, watch in
      #expect(evaluate(expression, input: #"{"b":2}"#, in: realm, watch) == value)
    }
  }
}
