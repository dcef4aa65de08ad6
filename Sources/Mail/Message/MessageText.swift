import Base64Text
import Dates

/// Writes an e-mail as the bytes that go over the wire (RFC 5322, 2045, 2046, 2047): ASCII, lines of at most
/// 76 characters that end with CRLF. The SMTP client doubles dots at the begin of lines.
struct MessageText {
  /// Cannot stand in a quoted-printable text, where a hexadecimal digit or a line's end follows each `=`
  /// (RFC 2045 § 6.7).
  private static let boundary = "=_studio_alternative"

  private(set) var bytes: [UInt8] = []

  init(_ message: MailMessage) {
    header("Date", [MailDate(secondsSince1970: message.date).text])
    header("Message-ID", ["<\(message.id)>"])
    header("From", addresses: [message.from])
    if !message.to.isEmpty { header("To", addresses: message.to) }
    if !message.cc.isEmpty { header("Cc", addresses: message.cc) }
    if message.to.isEmpty, message.cc.isEmpty { header("To", ["undisclosed-recipients:;"]) }
    if !message.replyTo.isEmpty { header("Reply-To", addresses: message.replyTo) }
    header("Subject", EncodedWord.words(of: message.subject))
    header("MIME-Version", ["1.0"])
    switch (message.text, message.html) {
    case (let text?, let html?):
      header("Content-Type", ["multipart/alternative;", "boundary=\"\(Self.boundary)\""])
      line("")
      // RFC 2046 § 5.1.4: the plainest first.
      for (type, part) in [("text/plain", text), ("text/html", html)] {
        line("--\(Self.boundary)")
        body(part, type)
      }
      line("--\(Self.boundary)--")
    case (let text?, nil): body(text, "text/plain")
    case (nil, let html): body(html ?? "", "text/html")
    }
  }

  private mutating func body(_ text: String, _ type: String) {
    header("Content-Type", ["\(type);", "charset=utf-8"])
    header("Content-Transfer-Encoding", ["quoted-printable"])
    line("")
    QuotedPrintable.write(text, to: &bytes)
    line("")
  }

  private mutating func line(_ text: String) {
    bytes += text.utf8
    bytes += [13, 10]
  }

  /// Words with a space between them, or a folded line where the next would not fit (RFC 5322 § 2.2.3).
  private mutating func header(_ name: String, _ words: [String]) {
    bytes += "\(name):".utf8
    var length = name.utf8.count + 1
    for word in words {
      if length + 1 + word.utf8.count > 76, length > name.utf8.count + 1 {
        bytes += [13, 10]
        length = 0
      }
      bytes += " \(word)".utf8
      length += 1 + word.utf8.count
    }
    bytes += [13, 10]
  }

  private mutating func header(_ name: String, addresses: [MailAddress]) {
    var words: [String] = []
    for (index, address) in addresses.enumerated() {
      var parts = Self.phrase(address.name)
      parts.append(parts.isEmpty ? address.address : "<\(address.address)>")
      if index < addresses.count - 1 { parts[parts.count - 1] += "," }
      words += parts
    }
    header(name, words)
  }

  /// The words of a display name: as they are, in quotation marks, or encoded (RFC 5322 § 3.2.5).
  private static func phrase(_ name: String?) -> [String] {
    guard let name else { return [] }
    let words = name.split(separator: " ", omittingEmptySubsequences: false).map { String($0) }
    let isPlain = words.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(MailAddress.isAtomByte) }
    if isPlain, !name.contains("=?") { return words }
    guard name.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }), name.utf8.count <= 60, !name.contains("=?")
    else {
      return EncodedWord.encoded(name)
    }
    let escaped = name.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
    return ["\"\(escaped)\""]
  }
}

/// RFC 2047: text that is not ASCII in a header.
enum EncodedWord {
  /// UTF-8 bytes of one encoded word: 64 characters, so that one stands beside a header's name in 76 (§ 2).
  private static let bytesOfWord = 39

  /// The words of an unstructured header: as they are where they may be.
  static func words(of text: String) -> [String] {
    let isPlain =
      text.utf8.allSatisfy { (0x20..<0x7F).contains($0) } && !text.contains("=?")
      && text.split(separator: " ").allSatisfy { $0.utf8.count <= 70 } && text.trimmed == text
      && !text.contains("  ")
    return isPlain ? text.split(separator: " ").map { String($0) } : encoded(text)
  }

  /// All of it encoded; white space between encoded words is not shown (§ 6.2), so none is lost or added.
  static func encoded(_ text: String) -> [String] {
    var words: [String] = []
    var piece: [UInt8] = []
    for scalar in text.unicodeScalars {
      let bytes = [UInt8](String(scalar).utf8)
      if piece.count + bytes.count > bytesOfWord {
        words.append(word(piece))
        piece = []
      }
      piece += bytes
    }
    return words + [word(piece)]
  }

  private static func word(_ bytes: [UInt8]) -> String { "=?utf-8?B?\(Base64.encode(bytes))?=" }
}

/// RFC 2045 § 6.7.
enum QuotedPrintable {
  private static let digits = [UInt8]("0123456789ABCDEF".utf8)

  /// The text in UTF-8; its line breaks, of whatever kind, become CRLF.
  static func write(_ text: String, to output: inout [UInt8]) {
    let bytes = [UInt8](text.utf8)
    var length = 0
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == 13 || byte == 10 {
        if byte == 13, index < bytes.count, bytes[index] == 10 { index += 1 }
        output += [13, 10]
        length = 0
        continue
      }
      let endsLine = index == bytes.count || bytes[index] == 13 || bytes[index] == 10
      let isPlain =
        (33...126).contains(byte) && byte != UInt8(ascii: "=") || (byte == 32 || byte == 9) && !endsLine
      if length + (isPlain ? 1 : 3) > 75 {
        output += [UInt8(ascii: "="), 13, 10]
        length = 0
      }
      if isPlain {
        output.append(byte)
      } else {
        output += [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
      length += isPlain ? 1 : 3
    }
  }
}

/// A header's date, in UTC (RFC 5322 § 3.3).
struct MailDate {
  let secondsSince1970: Int64

  /// Such as `Sat, 21 Nov 2026 19:20:05 +0000`.
  var text: String {
    let day = CivilDay(ofSecond: secondsSince1970)
    let date = day.parts
    let second = Int(secondsSince1970 - day.firstSecond)
    let time = [second / 3600, second / 60 % 60, second % 60].map(Self.two).joined(separator: ":")
    let (weekday, month) = (CivilDay.weekdayNames[day.weekday], CivilDay.monthNames[date.month - 1])
    return "\(weekday), \(date.day) \(month) \(date.year) \(time) +0000"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
