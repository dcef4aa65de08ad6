import CJavaScriptCore

/// A global context that many expressions use one after the other, whatever organization they belong to,
/// because a context of its own costs an expression a hundred times its evaluation.
///
/// It holds nothing that can be written: every object that existed before the first expression is frozen,
/// the global object included, and what makes code from text or keeps hidden state (`eval`, `Function`,
/// `Math.random`, the last match of `RegExp`, whatever is not in the list of `Hardening`) throws when it is
/// touched. Values of an evaluation are made for it and reachable from it alone, so the next one finds
/// nothing of them.
///
/// An expression must not notice the difference: whatever throws here is evaluated again in a context of its
/// own, and what could swallow that exception (see `SharedRealm.admits`) is not evaluated here at all.
/// Expressions have no effects, so evaluating again is safe. Owned by the interpreter, on the process's one
/// thread.
final class SharedRealm {
  let context: JSGlobalContextRef
  private let promise: JSObjectRef

  /// nil when something could not be frozen: then every expression has a context of its own.
  init?(group: JSContextGroupRef) {
    guard let context = JSGlobalContextCreateInGroup(group, nil) else { return nil }
    let script = makeString([UInt8](Hardening.script.utf8))
    defer { JSStringRelease(script) }
    guard let result = JSEvaluateScript(context, script, nil, nil, 1, nil), JSValueIsObject(context, result),
      let promise = JSValueToObject(context, result, nil)
    else {
      JSGlobalContextRelease(context)
      return nil
    }
    JSValueProtect(context, promise)
    self.context = context
    self.promise = promise
  }

  deinit {
    JSValueUnprotect(context, promise)
    JSGlobalContextRelease(context)
  }

  /// The function that `source` makes, protected; nil when it cannot be made.
  func compile(_ source: JSStringRef) -> JSObjectRef? {
    guard let value = JSEvaluateScript(context, source, nil, nil, 1, nil) else { return nil }
    let function = JSValueToObject(context, value, nil)
    if let function { JSValueProtect(context, function) }
    return function
  }

  func release(_ function: JSObjectRef) { JSValueUnprotect(context, function) }

  /// The JSON text of what `function` returns for the values; nil when it must be evaluated elsewhere.
  func evaluate(
    _ function: JSObjectRef, _ texts: [JSStringRef?], watch: ExecutionWatch, maximumBytes: Int
  ) -> SandboxText? {
    var arguments: [JSValueRef?] = []
    arguments.reserveCapacity(texts.count)
    for text in texts {
      guard let text else {
        arguments.append(JSValueMakeUndefined(context))
        continue
      }
      guard let value = JSValueMakeFromJSONString(context, text) else { return nil }
      arguments.append(value)
    }
    var exception: JSValueRef?
    guard
      let result = JSObjectCallAsFunction(context, function, nil, arguments.count, arguments, &exception),
      exception == nil, !watch.hasExpired, !JSValueIsInstanceOfConstructor(context, result, promise, nil)
    else { return nil }
    if JSValueIsBoolean(context, result) { return JSValueToBoolean(context, result) ? .yes : .no }
    if JSValueIsUndefined(context, result) { return .null }
    let json = JSValueCreateJSONString(context, result, 0, &exception)
    defer { if let json { JSStringRelease(json) } }
    guard let json, exception == nil, !watch.hasExpired, JSStringGetLength(json) <= maximumBytes else {
      return nil
    }
    let text = bytes(of: json)
    return text.count <= maximumBytes ? .text(text) : nil
  }
}

/// A result's JSON text; the commonest are not copied from the machine.
enum SandboxText {
  case yes, no, null
  case text([UInt8])

  var bytes: [UInt8] {
    switch self {
    case .yes: [UInt8]("true".utf8)
    case .no: [UInt8]("false".utf8)
    case .null: [UInt8]("null".utf8)
    case .text(let text): text
    }
  }
}

extension SharedRealm {
  /// Whether an expression may be evaluated in the shared realm: nothing in its text can swallow an
  /// exception, wait, make code or look at whether objects are frozen. This decides about equal results only;
  /// that nothing is shared does not rest on it.
  static func admits(_ expression: [UInt8]) -> Bool {
    !expression.containsEscape && !parts.contains { expression.contains($0, asWord: false) }
      && !words.contains { expression.contains($0, asWord: true) }
  }

  private static let words = ["try", "this", "eval", "arguments", "import", "using"].map { [UInt8]($0.utf8) }
  private static let parts = [
    "sync", "await", "Promise", "Function", "globalThis", "Reflect", "Proxy", "rozen", "ealed", "xtensi",
    "Descriptor", "rototype", "__", "constructor", "WeakRef", "Finalization", "RegExp",
  ].map { [UInt8]($0.utf8) }
}

extension [UInt8] {
  /// `\u` and `\x`: escapes can spell a name in a roundabout way.
  fileprivate var containsEscape: Bool {
    indices.dropLast().contains { index in
      self[index] == UInt8(ascii: "\\")
        && (self[index + 1] == UInt8(ascii: "u") || self[index + 1] == UInt8(ascii: "x"))
    }
  }

  /// Whether `part` stands in these bytes; as a word: without a letter, digit, `_` or `$` beside it.
  func contains(_ part: [UInt8], asWord: Bool) -> Bool {
    guard let first = part.first, count >= part.count else { return false }
    return withUnsafeBufferPointer { text in
      for start in 0...(text.count - part.count) where text[start] == first {
        let end = start + part.count
        guard text[start..<end].elementsEqual(part) else { continue }
        let isBounded =
          (start == 0 || !text[start - 1].isNamePart) && (end == text.count || !text[end].isNamePart)
        if !asWord || isBounded { return true }
      }
      return false
    }
  }
}

extension UInt8 {
  /// Whether the byte can stand in a JavaScript name; all bytes of other scripts can.
  fileprivate var isNamePart: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
      true
    default: false
    }
  }
}
