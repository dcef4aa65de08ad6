import Synchronization

/// A mailbox of the loop: any thread sends, the loop's thread receives what has gathered as one array.
///
/// What arrives together is handled together, so a batch of messages costs one wake-up and its receiver can
/// share one flush. Owned by the receiver; its lock protects the list.
public final class UVInbox<Message: Sendable>: Sendable {
  private let loop: UVLoop
  private let state = Mutex(State())
  private let receive: @Sendable ([Message]) -> Void

  private struct State {
    var messages: [Message] = []
    var isOpen = true
  }

  /// - Parameter receive: called on the loop's thread with at least one message, in the order of sending.
  public init(_ loop: UVLoop, receive: @escaping @Sendable ([Message]) -> Void) {
    self.loop = loop
    self.receive = receive
  }

  /// - Returns: false once the box is closed or the loop told to stop: the message will not be received.
  public func send(_ message: Message) -> Bool {
    state.withLock { state in
      guard state.isOpen else { return false }
      // Within the lock: whoever appends second must know that the first one's wake-up was accepted.
      if state.messages.isEmpty && !loop.execute({ self.drain() }) {
        state.isOpen = false
        return false
      }
      state.messages.append(message)
      return true
    }
  }

  /// Refuses further messages and hands over those that had been accepted. On the loop's thread only.
  public func close() {
    state.withLock { $0.isOpen = false }
    drain()
  }

  private func drain() {
    let messages = state.withLock { state in
      defer { state.messages = [] }
      return state.messages
    }
    if !messages.isEmpty { receive(messages) }
  }
}
