import HTTPTypes

extension HTTPFields {
  /// As `self[name]`, for what each request is asked: a header that is there once, as nearly all are, is
  /// found in one pass and not copied.
  func text(_ name: HTTPField.Name) -> String? {
    var found: String?
    for field in self where field.name == name {
      // Several are one list (RFC 9110 § 5.3).
      guard found == nil else { return self[name] }
      found = field.value
    }
    return found
  }
}
