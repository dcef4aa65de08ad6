import CJavaScriptCore
import SandboxWire

/// The scope's JSON texts as the machine's strings, made once per request.
final class ScopeTexts {
  private(set) var strings: [SandboxSlot: JSStringRef] = [:]

  init(_ scope: [SandboxSlot: [UInt8]]) {
    for (slot, text) in scope { strings[slot] = makeString(text) }
  }

  deinit { for string in strings.values { JSStringRelease(string) } }
}

/// One run of one expression in a fresh context.
struct Evaluation {
  let context: JSGlobalContextRef
  let watch: ExecutionWatch
  let expression: [UInt8]

  /// Calls the function that `source` makes with fresh values of the scope, and turns what it returns into
  /// JSON.
  func run(source: JSStringRef, scope: ScopeTexts, maximumBytes: Int) -> SandboxOutcome {
    var exception: JSValueRef?
    guard let function = JSEvaluateScript(context, source, nil, nil, 1, &exception) else {
      return failure(exception)
    }
    var arguments: [JSValueRef?] = []
    for slot in SandboxSlot.allCases {
      guard let text = scope.strings[slot] else {
        arguments.append(JSValueMakeUndefined(context))
        continue
      }
      guard let value = JSValueMakeFromJSONString(context, text) else {
        return watch.hasExpired ? .timedOut : .invalidScope(name: slot.name)
      }
      arguments.append(value)
    }
    guard
      let result = JSObjectCallAsFunction(context, function, nil, arguments.count, arguments, &exception),
      exception == nil, !watch.hasExpired
    else { return failure(exception) }
    return serialized(result, maximumBytes: maximumBytes)
  }

  private func serialized(_ result: JSValueRef, maximumBytes: Int) -> SandboxOutcome {
    if JSValueIsUndefined(context, result) { return .value([UInt8]("null".utf8)) }
    if isInstance(result, of: "Promise") {
      return .notSerializable(message: "The result is a promise; expressions cannot wait.")
    }
    var exception: JSValueRef?
    let json = JSValueCreateJSONString(context, result, 0, &exception)
    defer { if let json { JSStringRelease(json) } }
    if watch.hasExpired { return .timedOut }
    if let exception {
      let message = describe(exception).message
      // Its writer recurses: of a result that is no cycle only one nested too deeply uses up the stack.
      let isTooDeep = message.hasPrefix("RangeError: Maximum call stack")
      return .notSerializable(message: isTooDeep ? "It is nested too deeply." : message)
    }
    guard let json else { return .notSerializable(message: "A function or symbol has no JSON form.") }
    // UTF-8 needs at least one byte for each UTF-16 unit, so this bound is safe before converting.
    guard JSStringGetLength(json) <= maximumBytes else { return .resultTooLarge }
    let text = bytes(of: json)
    return text.count <= maximumBytes ? .value(text) : .resultTooLarge
  }

  /// The outcome of a script that did not return.
  private func failure(_ exception: JSValueRef?) -> SandboxOutcome {
    if watch.hasExpired { return .timedOut }
    guard let exception else { return .thrown(message: "The expression failed.", line: 0, column: 0) }
    let error = describe(exception)
    if watch.hasExpired { return .timedOut }  // a getter of the thrown object may run on
    return .thrown(message: error.message, line: error.line, column: error.column)
  }

  private func describe(_ exception: JSValueRef) -> ErrorDescription {
    ErrorDescription(
      exception, context: context,
      lines: expression.split(separator: 10, omittingEmptySubsequences: false).count)
  }

  private func isInstance(_ value: JSValueRef, of constructor: String) -> Bool {
    guard JSValueIsObject(context, value) else { return false }
    let global = JSContextGetGlobalObject(context)
    guard let found = property(constructor, of: global, in: context), JSValueIsObject(context, found) else {
      return false
    }
    return JSValueIsInstanceOfConstructor(context, value, JSValueToObject(context, found, nil), nil)
  }
}

/// Message and place of a thrown value. Places count from 1, in the expression; 0 is unknown.
struct ErrorDescription {
  /// Longest message, in UTF-16 units.
  private static let maximumMessageLength = 500
  let message: String
  let line: UInt32
  let column: UInt32

  /// - Parameter lines: the expression's number of lines; the wrapper adds one before it.
  init(_ exception: JSValueRef, context: JSContextRef, lines: Int) {
    guard JSValueIsObject(context, exception), let object = JSValueToObject(context, exception, nil) else {
      (message, line, column) = ("Thrown: " + Self.text(exception, context), 0, 0)
      return
    }
    let name = property("name", of: object, in: context).map { Self.text($0, context) }
    let detail = property("message", of: object, in: context).map { Self.text($0, context) }
    switch (name, detail) {
    case (let name?, let detail?): message = detail.isEmpty ? name : "\(name): \(detail)"
    case (nil, let detail?): message = detail
    default: message = "Thrown: " + Self.text(exception, context)
    }
    let place = Self.number("line", of: object, context) - 1
    line = place < 1 ? 0 : UInt32(min(place, Double(lines)))
    column = line == 0 ? 0 : UInt32(min(max(0, Self.number("column", of: object, context)), 1_000_000))
  }

  private static func text(_ value: JSValueRef, _ context: JSContextRef) -> String {
    guard let string = JSValueToStringCopy(context, value, nil) else { return "a value without text" }
    defer { JSStringRelease(string) }
    let units = UnsafeBufferPointer(
      start: JSStringGetCharactersPtr(string), count: min(JSStringGetLength(string), maximumMessageLength))
    return String(decoding: units, as: UTF16.self)
  }

  private static func number(_ name: String, of object: JSObjectRef, _ context: JSContextRef) -> Double {
    guard let value = property(name, of: object, in: context), JSValueIsNumber(context, value) else {
      return 0
    }
    let number = JSValueToNumber(context, value, nil)
    return number.isFinite ? number : 0
  }
}

/// A property that exists and is not undefined; reading it may run the script's getters, within its time.
func property(_ name: String, of object: JSObjectRef?, in context: JSContextRef) -> JSValueRef? {
  guard let object else { return nil }
  let name = makeString([UInt8](name.utf8))
  defer { JSStringRelease(name) }
  guard let value = JSObjectGetProperty(context, object, name, nil) else { return nil }
  return JSValueIsUndefined(context, value) ? nil : value
}

/// A string of the machine from UTF-8 (invalid sequences become U+FFFD; NUL is an ordinary character).
func makeString(_ text: [UInt8]) -> JSStringRef {
  if !text.contains(0), text.allSatisfy({ $0 < 0x80 }) {
    return (text + [0]).withUnsafeBytes {
      JSStringCreateWithUTF8CString($0.bindMemory(to: CChar.self).baseAddress)
    }
  }
  let units = [UInt16](String(decoding: text, as: UTF8.self).utf16)
  return units.withUnsafeBufferPointer { JSStringCreateWithCharacters($0.baseAddress, $0.count) }
}

/// The UTF-8 of a machine's string.
func bytes(of string: JSStringRef) -> [UInt8] {
  let size = JSStringGetMaximumUTF8CStringSize(string)
  return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    let written = buffer.withMemoryRebound(to: CChar.self) {
      JSStringGetUTF8CString(string, $0.baseAddress, size)
    }
    count = max(0, written - 1)  // without the final NUL
  }
}
