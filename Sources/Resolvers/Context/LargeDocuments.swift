import Synchronization

/// How many large documents a process works on at once: as values in memory they are many times as large as
/// their text. A process has one; any thread.
public final class LargeDocuments: Sendable {
  /// Bytes from which a document is large: what a request may hold anyway is not.
  static let largeBytes = 1 << 20
  /// So many at once; who comes then is asked to come again.
  static let maximum = 2

  private let count = Atomic<Int>(0)

  /// - Throws: `UNAVAILABLE` when there are too many already, and what `body` throws.
  func working<Value>(
    on bytes: Int, _ body: () async throws -> sending Value
  ) async throws -> sending Value {
    guard bytes > LargeDocuments.largeBytes else { return try await body() }
    defer { count.subtract(1, ordering: .relaxed) }
    guard count.add(1, ordering: .relaxed).newValue <= LargeDocuments.maximum else {
      throw ServiceError(.unavailable, "Other large documents are being imported; send it again.")
    }
    return try await body()
  }
}
