import Testing

@testable import Mail

@Suite(.timeLimit(.minutes(1))) struct MailSenderTests {
  func message(_ recipients: [String] = ["ada@example.com"], text: String = "Hi.") throws -> MailMessage {
    var message = try MailMessage(
      from: MailAddress("Shop <shop@example.com>", field: "from"),
      to: recipients.map { try MailAddress($0, field: "to") }, subject: "Order", body: (text, nil),
      identity: ("run:node:1", 0))
    message.bcc = [try MailAddress("hidden@example.com", field: "bcc")]
    return message
  }

  /// Sends through a server that behaves so, and gives what came of it.
  func send(
    _ message: MailMessage, to behaviour: SMTPTestServer.Behaviour = .init(),
    timeout: Duration = .seconds(10),
    _ change: (inout MailServer) -> Void = { _ in }
  ) async throws -> (Result<String, MailError>, SMTPTestServer) {
    let server = try await SMTPTestServer.start(behaviour)
    var settings = try MailServer(
      host: "mail.test", port: server.port, encryption: MailServer.Encryption.none)
    settings.helloName = "studio.test"
    change(&settings)
    let sender = MailSender(threads: 1)
    let result: Result<String, MailError>
    do throws(MailError) {
      result = .success(try await sender.send(message, to: settings, at: ["127.0.0.1"], timeout: timeout))
    } catch { result = .failure(error) }
    await sender.shutdown()
    await server.stop()
    return (result, server)
  }

  @Test func `an e-mail arrives, its blind copies are recipients and no header, its dots are kept`()
    async throws
  {
    let (result, server) = try await send(try message(text: ".\n..two\nend"))
    #expect(result == .success("250 2.0.0 Ok: queued as 42"))
    #expect(server.commands.first == "EHLO studio.test")
    #expect(server.commands.contains { $0.hasPrefix("MAIL FROM:<shop@example.com>") })
    let recipients = server.commands.filter { $0.hasPrefix("RCPT") }
    #expect(recipients == ["RCPT TO:<ada@example.com>", "RCPT TO:<hidden@example.com>"])
    #expect(server.data.contains("Message-ID: <run.node.1@example.com>\n"))
    #expect(server.data.hasSuffix("\n\n.\n..two\nend\n") && !server.data.contains("hidden"))
  }

  @Test func `user and password are given, and refused ones are told apart`() async throws {
    // base64 of "\0me\0secret"
    let behaviour = SMTPTestServer.Behaviour(password: "AG1lAHNlY3JldA==")
    let (accepted, server) = try await send(try message(), to: behaviour) {
      ($0.user, $0.password) = ("me", "secret")
    }
    #expect(accepted == .success("250 2.0.0 Ok: queued as 42"))
    #expect(server.commands.contains { $0.hasPrefix("AUTH PLAIN") })
    let (refused, _) = try await send(try message(), to: behaviour) {
      ($0.user, $0.password) = ("me", "wrong")
    }
    #expect(refused == .failure(.authenticationFailed))
  }

  @Test func `one refused recipient refuses the whole`() async throws {
    let (result, server) = try await send(
      try message(["ada@example.com", "nobody@example.com"]),
      to: SMTPTestServer.Behaviour(refusedRecipients: ["nobody@example.com"]))
    #expect(result == .failure(.refused(code: 550, message: "5.1.1 No such user here")))
    #expect(server.data.isEmpty)
  }

  @Test func `what the server says about the e-mail is told`() async throws {
    let (result, _) = try await send(try message(), to: .init(answer: "554 5.7.1 Looks like spam"))
    #expect(result == .failure(.refused(code: 554, message: "5.7.1 Looks like spam")))
  }

  @Test func `a connection that ends after the e-mail leaves the outcome unknown`() async throws {
    #expect(try await send(try message(), to: .init(answer: nil)).0 == .failure(.unknownOutcome))
    #expect(
      try await send(try message(), to: .init(answer: ""), timeout: .milliseconds(500)).0
        == .failure(.unknownOutcome))
  }

  @Test func `a server that is silent, or not there, is an error in time`() async throws {
    #expect(
      try await send(try message(), to: .init(greets: false), timeout: .milliseconds(300)).0
        == .failure(.timedOut))
    let closed = try await SMTPTestServer.start()
    let port = closed.port
    await closed.stop()
    let (result, _) = try await send(try message()) { $0.port = port }
    guard case .failure(.connectFailed) = result else {
      Issue.record("\(result)")
      return
    }
  }

  @Test func `without the encryption that was asked for nothing is said`() async throws {
    let (result, server) = try await send(try message()) {
      $0.encryption = .startTLS
      ($0.user, $0.password) = ("me", "secret")
    }
    guard case .failure(.notEncrypted) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(!server.commands.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") })
  }

  @Test func `a cancelled e-mail ends soon`() async throws {
    let server = try await SMTPTestServer.start(.init(answer: ""))
    let settings = try MailServer(
      host: "mail.test", port: server.port, encryption: MailServer.Encryption.none)
    let sender = MailSender(threads: 1)
    let message = try message()
    let sending = Task { () -> MailError? in
      do throws(MailError) {
        _ = try await sender.send(message, to: settings, at: ["127.0.0.1"])
        return nil
      } catch { return error }
    }
    await server.heard(".")
    sending.cancel()
    #expect(await sending.value == .unknownOutcome)
    await sender.shutdown()
    await server.stop()
  }

  @Test func `only the address that was checked is connected to`() async throws {
    // The name would lead nowhere: `.test` does not exist.
    let (result, server) = try await send(try message()) { $0.host = "name.that.does.not.exist.test" }
    #expect(result == .success("250 2.0.0 Ok: queued as 42"))
    #expect(!server.data.isEmpty)
  }

  @Test(arguments: ["", "a b", "x/y", "user@host", "host\r\nQUIT", String(repeating: "a", count: 256)])
  func `what is no host is refused`(host: String) {
    #expect(throws: MailError.self) { try MailServer(host: host, port: 25) }
  }

  @Test func `the port decides about encryption unless it is said`() throws {
    #expect(try MailServer(host: "h", port: 465).encryption == .tls)
    #expect(try MailServer(host: "h", port: 587).encryption == .startTLS)
    #expect(throws: MailError.self) { try MailServer(host: "h", port: 0) }
  }

  @Test func `too many e-mails or recipients are refused`() async throws {
    let sender = MailSender(threads: 1, maximumUnderWay: 0)
    let server = try MailServer(host: "h", port: 1, encryption: MailServer.Encryption.none)
    let message = try message()
    await #expect(throws: MailError.overloaded) { try await sender.send(message, to: server) }
    let many = try self.message((1...101).map { "p\($0)@example.com" })
    await #expect(throws: MailError.tooManyRecipients(limit: 100)) { try await sender.send(many, to: server) }
    await sender.shutdown()
  }
}
