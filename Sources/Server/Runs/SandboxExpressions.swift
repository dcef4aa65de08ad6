import Flows
import Sandbox

/// The domain's expressions, checked and evaluated in the JavaScript child process.
struct SandboxExpressions: ExpressionEvaluator, ExpressionChecker {
  private static let checkedAtOnce = 64
  let pool: SandboxPool

  func evaluate(
    _ requests: [EvaluationRequest]
  ) async throws(ExpressionsUnavailable) -> [[Result<JSONValue, ExpressionFailure>]] {
    var found = [Values?](repeating: nil, count: requests.count)
    var open = Array(requests.indices)
    while !open.isEmpty {
      var refusals: [SandboxError] = []
      for (index, answer) in await answers(to: requests, at: open) {
        switch answer {
        case .success(let values): found[index] = values
        case .failure(let error): refusals.append(error)
        }
      }
      // Of much that is asked for together the last may wait too long. As long as some is done each time, the
      // rest is done too; begun anew, it would wait too long again.
      let rest = open.filter { found[$0] == nil }
      if let refusal = refusals.first(where: { $0 != .overloaded || rest.count == open.count }) {
        throw ExpressionsUnavailable(message: refusal.description)
      }
      open = rest
    }
    return found.compactMap { $0 }
  }

  private typealias Values = [Result<JSONValue, ExpressionFailure>]
  private typealias Answer = Result<Values, SandboxError>

  /// Together, for they share frames on their way to the child. Who asks bounds how many, so that no run
  /// takes the whole queue.
  private func answers(to requests: [EvaluationRequest], at places: [Int]) async -> [(Int, Answer)] {
    if places.count == 1 { return [(places[0], await answer(to: requests[places[0]]))] }
    return await withTaskGroup(of: (Int, Answer).self) { group in
      for place in places { group.addTask { (place, await answer(to: requests[place])) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }

  /// The values of a request; a failure when nothing is known of them.
  private func answer(to request: EvaluationRequest) async -> Answer {
    let scope = request.scope
    var texts = SandboxScope(
      input: scope["input"]?.text(), output: scope["output"]?.text(), nodes: scope["nodes"]?.text(),
      run: scope["run"]?.text(), flow: scope["flow"]?.text(), env: scope["env"]?.text())
    texts.item = scope["item"]?.text()
    texts.index = scope["index"]?.text()
    texts.loops = scope["loops"]?.text()
    do throws(SandboxError) {
      return .success(try await pool.evaluateAll(request.expressions, scope: texts).map(Self.value))
    } catch {
      guard let failure = try? Self.failure(error) else { return .failure(error) }
      return .success(request.expressions.map { _ in .failure(failure) })
    }
  }

  func check(_ expressions: [String]) async throws(ExpressionsUnavailable) -> [ExpressionFailure?] {
    var failures: [ExpressionFailure?] = []
    var rest = expressions[...]
    while !rest.isEmpty {
      let batch = Array(rest.prefix(Self.checkedAtOnce))
      rest = rest.dropFirst(batch.count)
      failures += try await check(together: batch)
    }
    return failures
  }

  /// What fails as a whole (one text is too long, the child was killed) is checked one by one.
  private func check(together batch: [String]) async throws(ExpressionsUnavailable) -> [ExpressionFailure?] {
    let results: [Result<Void, SandboxError>]
    do throws(SandboxError) { results = try await pool.checkAll(batch) } catch {
      guard batch.count > 1 else { return [try Self.failure(error)] }
      var failures: [ExpressionFailure?] = []
      for expression in batch { failures += try await check(together: [expression]) }
      return failures
    }
    var failures: [ExpressionFailure?] = []
    for result in results {
      if case .failure(let error) = result {
        failures.append(try Self.failure(error))
      } else {
        failures.append(nil)
      }
    }
    return failures
  }

  private static func value(_ result: Result<String, SandboxError>) -> Result<JSONValue, ExpressionFailure> {
    do {
      return .success(try JSONValue(parsing: try result.get()))
    } catch let error as SandboxError {
      return .failure((try? failure(error)) ?? ExpressionFailure(kind: .thrown, message: "\(error)"))
    } catch let error as JSONError {
      let message = "The result of the expression cannot be stored: \(error.message)."
      return .failure(ExpressionFailure(kind: .tooLarge, message: message))
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
