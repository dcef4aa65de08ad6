import Dates
import GraphQLEngine

/// The `DateTime` scalar: microseconds since 1970-01-01T00:00:00Z, RFC 3339 on the wire.
public struct DateTime: Hashable, Sendable, InputDecodable, LeafValue {
  public var microseconds: Int64

  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// A coerced value is the text that `coercion` has checked.
  public init(input: InputValue) throws(InputMismatch) {
    guard let text = input.string, let value = DateTime(text) else {
      throw InputMismatch(expected: "DateTime")
    }
    self = value
  }

  /// RFC 3339 § 5.6; nil for anything else.
  public init?(_ text: String) {
    guard let microseconds = RFC3339.microseconds(text) else { return nil }
    self.microseconds = microseconds
  }

  public func write(to out: inout JSONWriter) { out.write(timestamp: microseconds) }
}
