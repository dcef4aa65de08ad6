import Testing

@testable import Mail

@Suite struct MessageTests {
  func message(
    subject: String = "Hello", text: String? = "Hi.\nBye.", html: String? = nil,
    _ change: (inout MailMessage) -> Void = { _ in }
  ) throws -> MailMessage {
    var message = try MailMessage(
      from: MailAddress("Shop <shop@example.com>", field: "from"),
      to: [MailAddress("ada@example.com", field: "to")], subject: subject, body: (text, html),
      identity: ("execution_1:node_2:1", 1_795_289_405))
    change(&message)
    return message
  }

  func lines(_ message: MailMessage) -> [String] {
    let text = String(decoding: MessageText(message).bytes, as: UTF8.self)
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
    let lines = text.components(separatedBy: "\r\n")
    for line in lines { #expect(line.utf8.count <= 76 && !line.contains("\n") && !line.contains("\r")) }
    return lines
  }

  @Test func `a plain e-mail is written as RFC 5322 has it`() throws {
    #expect(
      lines(try message()) == [
        "Date: Sat, 21 Nov 2026 19:30:05 +0000", "Message-ID: <execution_1.node_2.1@example.com>",
        "From: Shop <shop@example.com>", "To: ada@example.com", "Subject: Hello", "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "", "Hi.",
        "Bye.", "",
      ])
  }

  @Test func `text and html are alternatives, the plainest first`() throws {
    let lines = lines(try message(html: "<p>Grüße</p>"))
    let types = lines.filter { $0.hasPrefix("Content-Type") }
    #expect(
      types == [
        "Content-Type: multipart/alternative; boundary=\"=_studio_alternative\"",
        "Content-Type: text/plain; charset=utf-8", "Content-Type: text/html; charset=utf-8",
      ])
    #expect(lines.filter { $0 == "--=_studio_alternative" }.count == 2)
    #expect(lines.contains("--=_studio_alternative--") && lines.contains("<p>Gr=C3=BC=C3=9Fe</p>"))
  }

  @Test func `names and subjects that are not ASCII are encoded words`() throws {
    let lines = lines(
      try message(subject: "Grüße aus Köln") {
        $0.to = [try? MailAddress("Jürgen <j@example.com>", field: "to")].compactMap { $0 }
      })
    #expect(lines.contains("Subject: =?utf-8?B?R3LDvMOfZSBhdXMgS8O2bG4=?="))
    #expect(lines.contains("To: =?utf-8?B?SsO8cmdlbg==?= <j@example.com>"))
  }

  @Test func `a long subject is folded between encoded words, no character is cut`() throws {
    let subject = String(repeating: "日本語の件名 ", count: 20)
    let lines = lines(try message(subject: subject))
    let start = try #require(lines.firstIndex { $0.hasPrefix("Subject:") })
    let rest = lines[start...].prefix { $0 == lines[start] || $0.hasPrefix(" ") }
    #expect(rest.count > 5)
    for word in rest.joined().split(separator: " ").dropFirst() {
      #expect(word.hasPrefix("=?utf-8?B?") && word.hasSuffix("?=") && word.utf8.count <= 75)
    }
  }

  @Test func `many recipients fold, copies that are blind stand in no header`() throws {
    let message = try message { message in
      message.to = (1...8).compactMap { try? MailAddress("Person \($0) <p\($0)@example.com>", field: "to") }
      message.cc = [try? MailAddress("\"Day, Ann\" <ann@example.com>", field: "cc")].compactMap { $0 }
      message.bcc = ["hidden@example.com", "p1@example.com"].compactMap { try? MailAddress($0, field: "bcc") }
    }
    let text = lines(message).joined(separator: "\n")
    #expect(text.contains("Cc: \"Day, Ann\" <ann@example.com>"))
    #expect(!text.contains("hidden"))
    #expect(message.recipients.count == 10 && message.recipients.contains("hidden@example.com"))
  }

  @Test(arguments: [
    ("a=b", "a=3Db"), ("end ", "end=20"), ("tab\t", "tab=09"), ("a\r\nb\rc", "a\r\nb\r\nc"), (".", "."),
    (String(repeating: "x", count: 80), String(repeating: "x", count: 75) + "=\r\nxxxxx"),
    (String(repeating: "x", count: 74) + "ü", String(repeating: "x", count: 74) + "=\r\n=C3=BC"),
  ])
  func `quoted-printable`(text: String, encoded: String) {
    var bytes: [UInt8] = []
    QuotedPrintable.write(text, to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == encoded)
  }

  @Test(arguments: [
    "Hello\r\nBcc: victim@example.com", "Hello\nX: y", "a\u{0}b", "a\u{7F}",
    String(repeating: "x", count: 999),
  ])
  func `a subject cannot add a header`(subject: String) {
    #expect(throws: MailError.self) { try message(subject: subject) }
  }

  @Test(arguments: [
    "a@example.com\r\nBcc: x@example.com", "Eve\r\nBcc: x@y.z <eve@example.com>",
    "a@example.com>\r\nRCPT TO:<b@c.d",
    "<a@example.com> SIZE=1", "a b@example.com", "a@b@c", "@example.com", "a@", "a", "", "a@-x.com",
    "a@x..com",
    "ü@example.com", "a@exämple.com", "a.@example.com", "a@[127.0.0.1]", "x <>",
    "a@example.com, b@example.com",
    String(repeating: "a", count: 65) + "@example.com",
  ])
  func `what is no address is refused`(text: String) {
    #expect(throws: MailError.self) { try MailAddress(text, field: "to") }
  }

  @Test func `an address may have a name`() throws {
    let address = try MailAddress(#" "Day, \"Ann\"" <ann.day+x@mail.example.com> "#, field: "to")
    #expect(address.name == #"Day, "Ann""# && address.address == "ann.day+x@mail.example.com")
    #expect(address.domain == "mail.example.com")
    #expect(try MailAddress("<a@b.c>", field: "to").name == nil)
  }

  @Test(arguments: [
    (0, "Thu, 1 Jan 1970 00:00:00 +0000"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
    (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 +0000"), (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
  ])
  func `a date is in UTC`(seconds: Int64, text: String) {
    #expect(MailDate(secondsSince1970: seconds).text == text)
  }

  @Test func `a body and a list of recipients have bounds`() throws {
    #expect(throws: MailError.self) {
      try message(text: String(repeating: "x", count: MailMessage.maximumBodyBytes + 1))
    }
    #expect(throws: MailError.self) { try message(text: nil) }
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [String] {
    var rest = self[...]
    var parts: [String] = []
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
