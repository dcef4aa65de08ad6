import NIOCore
import NIOPosix
import Synchronization

/// A mail server of the test's own, on loopback: it keeps what it is told.
final class SMTPTestServer: Sendable {
  struct Behaviour: Sendable {
    var offers: [String] = ["AUTH PLAIN LOGIN", "SIZE 1000000"]
    var refusedRecipients: Set<String> = []
    var password: String?
    /// After the end of the e-mail; nil hangs up, empty says nothing.
    var answer: String? = "250 2.0.0 Ok: queued as 42"
    var greets = true
  }

  struct Received: Sendable {
    var commands: [String] = []
    var data = ""
  }

  private let channel: any Channel
  private let received: Shared

  fileprivate final class Shared: Sendable {
    let value = Mutex(Received())
    let spoke = AsyncStream<String>.makeStream()
  }

  private init(channel: any Channel, received: Shared) {
    self.channel = channel
    self.received = received
  }

  static func start(_ behaviour: Behaviour = Behaviour()) async throws -> SMTPTestServer {
    let shared = Shared()
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Conversation(behaviour, shared))
        }
      }
    let channel = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
    return SMTPTestServer(channel: channel, received: shared)
  }

  var port: Int { channel.localAddress?.port ?? 0 }
  var commands: [String] { received.value.withLock { $0.commands } }
  var data: String { received.value.withLock { $0.data } }

  /// Returns when a command with this beginning has come.
  func heard(_ beginning: String) async {
    for await command in received.spoke.stream where command.hasPrefix(beginning) { return }
  }

  func stop() async { try? await channel.close() }

  fileprivate final class Conversation: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let behaviour: Behaviour
    private let shared: Shared
    private var unread = ""
    private var isData = false

    init(_ behaviour: Behaviour, _ shared: Shared) {
      self.behaviour = behaviour
      self.shared = shared
    }

    func channelActive(context: ChannelHandlerContext) {
      if behaviour.greets { say("220 test ESMTP", context) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      unread += String(buffer: unwrapInboundIn(data))
      while let end = unread.firstRange(of: "\r\n") {
        let line = String(unread[..<end.lowerBound])
        unread = String(unread[end.upperBound...])
        isData ? take(line, context) : answer(line, context)
      }
    }

    private func take(_ line: String, _ context: ChannelHandlerContext) {
      guard line == "." else {
        let plain = line.hasPrefix(".") ? String(line.dropFirst()) : line
        return shared.value.withLock { $0.data += plain + "\n" }
      }
      isData = false
      shared.spoke.continuation.yield(".")
      guard let answer = behaviour.answer else { return context.close(promise: nil) }
      if !answer.isEmpty { say(answer, context) }
    }

    private func answer(_ line: String, _ context: ChannelHandlerContext) {
      shared.value.withLock { $0.commands.append(line) }
      shared.spoke.continuation.yield(line)
      let word = line.prefix { $0 != " " && $0 != ":" }.uppercased()
      switch word {
      case "EHLO":
        let offers = ["test"] + behaviour.offers
        for offer in offers.dropLast() { say("250-\(offer)", context) }
        say("250 \(offers[offers.count - 1])", context)
      case "AUTH":
        say(behaviour.password.map { line.contains($0) } == false ? "535 5.7.8 no" : "235 2.7.0 ok", context)
      case "RCPT":
        let isRefused = behaviour.refusedRecipients.contains { line.contains("<\($0)>") }
        say(isRefused ? "550 5.1.1 No such user here" : "250 2.1.5 Ok", context)
      case "DATA":
        isData = true
        say("354 Go on", context)
      case "QUIT":
        say("221 Bye", context)
        context.close(promise: nil)
      default: say("250 Ok", context)
      }
    }

    private func say(_ line: String, _ context: ChannelHandlerContext) {
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: line + "\r\n")), promise: nil)
    }
  }
}
