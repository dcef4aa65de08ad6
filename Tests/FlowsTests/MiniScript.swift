import Flows

/// A tiny language in the place of JavaScript: a literal in JSON, a path into the scope, `left == right`, and
/// `throw`. Enough to choose paths with.
struct MiniScript: ExpressionEvaluator, ExpressionChecker {
  func evaluate(
    _ requests: [EvaluationRequest]
  ) async throws(ExpressionsUnavailable) -> [[Result<JSONValue, ExpressionFailure>]] {
    requests.map { request in request.expressions.map { MiniScript.value(of: $0, in: request.scope) } }
  }

  func check(_ expressions: [String]) async throws(ExpressionsUnavailable) -> [ExpressionFailure?] {
    expressions.map { text in
      text.contains("(((")
        ? ExpressionFailure(kind: .syntax, message: "Unexpected end of script", line: 1, column: text.count)
        : nil
    }
  }

  static func value(of text: String, in scope: JSONObject) -> Result<JSONValue, ExpressionFailure> {
    if text == "throw" { return .failure(ExpressionFailure(kind: .thrown, message: "Error: thrown")) }
    if text == "loop" { return .failure(ExpressionFailure(kind: .timeout, message: "too slow")) }
    let sides = text.split(separator: "=", omittingEmptySubsequences: true)
    if sides.count == 2 { return .success(.bool(operand(sides[0], scope) == operand(sides[1], scope))) }
    return .success(operand(text[...], scope))
  }

  private static func operand(_ text: Substring, _ scope: JSONObject) -> JSONValue {
    let word = text.trimmingPrefix { $0 == " " }.split(separator: " ").first.map(String.init) ?? ""
    if let literal = try? JSONValue(parsing: word) { return literal }
    var value = JSONValue.object(scope)
    for part in word.split(separator: ".") { value = value[String(part)] ?? .null }
    return value
  }
}
