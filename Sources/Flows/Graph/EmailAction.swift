/// `{"type": "email", "to", "cc"?, "bcc"?, "replyTo"?, "from"?, "subject", "text"?, "html"?,
/// "timeoutMilliseconds"?}`, with templates in every field. Addresses are a text, with commas between
/// several, or a list of texts.
struct EmailAction: Sendable, Equatable {
  /// To, cc and bcc together.
  static let maximumRecipients = 100
  static let defaultTimeoutMilliseconds: Int64 = 30_000
  private static let lists = ["to", "cc", "bcc", "replyTo"]
  static let fields = lists + ["from", "subject", "text", "html"]

  let timeoutMilliseconds: Int64
  /// An object with those of `fields` that are given.
  let message: TemplateValue

  /// The e-mail that the filled-in message means; throws the field that is wrong.
  func call(_ message: JSONValue) throws(ConfigProblem) -> EmailCall {
    var call = EmailCall(
      subject: try text(message, "subject") ?? "", timeoutMilliseconds: timeoutMilliseconds)
    call.from = try text(message, "from")
    call.replyTo = try addresses(message, "replyTo")
    call.to = try addresses(message, "to")
    call.cc = try addresses(message, "cc")
    call.bcc = try addresses(message, "bcc")
    call.text = try text(message, "text")
    call.html = try text(message, "html")
    let recipients = call.to.count + call.cc.count + call.bcc.count
    guard recipients > 0 else { throw ConfigProblem(field: "config.to", message: "There is no recipient") }
    guard recipients <= EmailAction.maximumRecipients else {
      throw ConfigProblem(
        field: "config.to",
        message: "There are \(recipients) recipients, more than \(EmailAction.maximumRecipients)")
    }
    guard call.text != nil || call.html != nil else {
      throw ConfigProblem(field: "config.text", message: "An e-mail needs a text or html")
    }
    return call
  }

  /// Null is nothing; numbers and booleans are their JSON.
  private func text(_ message: JSONValue, _ field: String) throws(ConfigProblem) -> String? {
    switch message[field] {
    case nil, .null?: return nil
    case .string(let text)?: return text
    case .array?, .object?:
      throw ConfigProblem(field: "config.\(field)", message: "A text is needed here")
    case let value?: return value.text()
    }
  }

  private func addresses(_ message: JSONValue, _ field: String) throws(ConfigProblem) -> [String] {
    guard let value = message[field], value != .null else { return [] }
    let texts = value.array ?? [value]
    var addresses: [String] = []
    for text in texts {
      guard let text = text.string else {
        throw ConfigProblem(
          field: "config.\(field)", message: "An address or a list of addresses is needed here")
      }
      addresses += EmailAction.separated(text)
    }
    return addresses
  }

  /// Cut at the commas that stand outside of quotation marks.
  private static func separated(_ text: String) -> [String] {
    var parts: [String] = [""]
    var isQuoted = false
    for character in text {
      if character == "\"" { isQuoted.toggle() }
      if character == ",", !isQuoted { parts.append("") } else { parts[parts.count - 1].append(character) }
    }
    return parts.map { part in
      var part = part[...]
      while part.first?.isWhitespace == true { part.removeFirst() }
      while part.last?.isWhitespace == true { part.removeLast() }
      return String(part)
    }.filter { !$0.isEmpty }
  }
}

extension ConfigReader {
  mutating func readEmail() -> NodeConfig? {
    for field in ["to", "subject"] where present(field) == nil {
      report("config.\(field)", "An e-mail needs a \(field == "to" ? "recipient" : field)")
    }
    if present("text") == nil, present("html") == nil {
      report("config.text", "An e-mail needs a text or html")
    }
    var timeout = EmailAction.defaultTimeoutMilliseconds
    if let value = present("timeoutMilliseconds") {
      let bounds = 1...HTTPAction.maximumTimeoutMilliseconds
      guard let given = value.integer, bounds.contains(given) else {
        report("config.timeoutMilliseconds", "The timeout must be 1 to \(bounds.upperBound) milliseconds")
        return nil
      }
      timeout = given
    }
    var message = JSONObject()
    for field in EmailAction.fields { message[field] = present(field) }
    let template = TemplateValue(.object(message), path: "config", problems: &problems)
    let action = EmailAction(timeoutMilliseconds: timeout, message: template)
    if template.expressions(path: "").isEmpty, problems.isEmpty {
      var none: ArraySlice<JSONValue> = []
      do throws(ConfigProblem) { _ = try action.call(template.filled(&none)) } catch {
        report(error.field, error.message)
      }
    }
    return .email(action)
  }
}
