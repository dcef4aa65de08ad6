import Flows
import Sandbox

/// The domain's expressions, checked and evaluated in the JavaScript child process.
struct SandboxExpressions: ExpressionEvaluator, ExpressionChecker {
  let pool: SandboxPool

  func evaluate(
    _ requests: [EvaluationRequest]
  ) async throws(ExpressionsUnavailable) -> [[Result<JSONValue, ExpressionFailure>]] {
    var results: [[Result<JSONValue, ExpressionFailure>]] = []
    results.reserveCapacity(requests.count)
    for request in requests { results.append(try await evaluate(request)) }
    return results
  }

  private func evaluate(
    _ request: EvaluationRequest
  ) async throws(ExpressionsUnavailable) -> [Result<JSONValue, ExpressionFailure>] {
    let scope = request.scope
    let texts = SandboxScope(
      input: scope["input"]?.text(), output: scope["output"]?.text(), nodes: scope["nodes"]?.text(),
      run: scope["run"]?.text(), flow: scope["flow"]?.text(), env: scope["env"]?.text())
    do {
      return try await pool.evaluateAll(request.expressions, scope: texts).map(Self.value)
    } catch {
      let failure = try Self.failure(error)
      return request.expressions.map { _ in .failure(failure) }
    }
  }

  func check(_ expressions: [String]) async throws(ExpressionsUnavailable) -> [ExpressionFailure?] {
    var failures: [ExpressionFailure?] = []
    for expression in expressions {
      do {
        try await pool.check(expression)
        failures.append(nil)
      } catch {
        failures.append(try Self.failure(error))
      }
    }
    return failures
  }

  private static func value(_ result: Result<String, SandboxError>) -> Result<JSONValue, ExpressionFailure> {
    do {
      return .success(try JSONValue(parsing: try result.get()))
    } catch let error as SandboxError {
      return .failure((try? failure(error)) ?? ExpressionFailure(kind: .thrown, message: "\(error)"))
    } catch {
      return .failure(ExpressionFailure(kind: .tooLarge, message: "The result cannot be read as JSON."))
    }
  }

  /// What an error says about the expression; throws when it says nothing about it.
  private static func failure(_ error: SandboxError) throws(ExpressionsUnavailable) -> ExpressionFailure {
    switch error {
    case .syntax(let message, let line, let column):
      return ExpressionFailure(kind: .syntax, message: message, line: line, column: column)
    case .thrown(let message, let line, let column):
      return ExpressionFailure(kind: .thrown, message: message, line: line, column: column)
    case .timedOut: return ExpressionFailure(kind: .timeout, message: error.description)
    case .outOfMemory, .resultTooLarge, .expressionTooLarge, .scopeTooLarge, .tooManyExpressions, .crashed:
      return ExpressionFailure(kind: .tooLarge, message: error.description)
    case .notSerializable, .invalidScope:
      return ExpressionFailure(kind: .thrown, message: error.description)
    case .overloaded, .unavailable, .cancelled, .closed:
      throw ExpressionsUnavailable(message: error.description)
    }
  }
}
